import { Card, CardHeader } from '@berth/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import type { EngineView } from '../../trpc/types.ts'

/** Every engine with what Berth promises of it. */
export function EngineTable({ engines }: { readonly engines: readonly EngineView[] }) {
  return (
    <Card>
      <CardHeader
        title="What is predicted, and how surely"
        description="Exact means the engine’s own figure, to the byte or to the layer. Bounded figures are marked ≤ or ≈ wherever they are shown."
      />
      <Table label="Engines" cards className="mt-2 align-top">
        <TableHead>
          <TableRow>
            <TableHeading>Engine</TableHeading>
            <TableHeading>Verified against</TableHeading>
            <TableHeading>Exact</TableHeading>
            <TableHeading>Bounded</TableHeading>
            <TableHeading>Cannot be told</TableHeading>
          </TableRow>
        </TableHead>
        <TableBody>
          {engines.map(({ id, name, versions, claims }) => (
            <TableRow key={id} className="align-top">
              <TableRowHeading>{name}</TableRowHeading>
              <TableCell data-label="Verified against">
                <Lines lines={versions.map(({ verifiedAgainst }) => verifiedAgainst)} />
              </TableCell>
              <TableCell data-label="Exact">
                <Lines lines={claims.exact} />
              </TableCell>
              <TableCell data-label="Bounded">
                <Lines lines={claims.bounded} />
              </TableCell>
              <TableCell data-label="Cannot be told">
                <Lines lines={claims.cannotBeTold} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  )
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul className="grid gap-1 text-xs text-secondary">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}
