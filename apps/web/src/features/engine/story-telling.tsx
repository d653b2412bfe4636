import { bytes } from '@berth/core'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Button } from '@berth/ui/button'
import { Callout } from '@berth/ui/callout'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { StepBars } from '@berth/ui/step-bars'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import type { StoryDetail } from '../../trpc/types.ts'

/** One failure: what happened, what Berth says of it, and the way out. */
export function StoryTelling({ story }: { readonly story: StoryDetail }) {
  const { happened, says, tables, course, wayOut, thread } = story
  const [verdict, ...rest] = says
  return (
    <div className="grid gap-4">
      <Card>
        <CardHeader
          title="What happened"
          actions={
            <Button asChild size="sm">
              <a href={thread}>The thread</a>
            </Button>
          }
        />
        <CardBody className="grid gap-2 text-sm">
          {happened.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </CardBody>
      </Card>
      <Card>
        <CardHeader title="What Berth says" />
        <CardBody className="grid gap-3">
          <Callout tone="warning" title={verdict}>
            {rest.length > 0 && rest.map((sentence) => <p key={sentence}>{sentence}</p>)}
          </Callout>
          {course && (
            <StepBars
              label={`What ${course.place} holds, step by step`}
              capacity={bytes(course.capacity)}
              steps={course.steps.map((step) => ({ ...step, held: bytes(step.held) }))}
            />
          )}
        </CardBody>
      </Card>
      {tables.map((table) => (
        <Figures key={table.title} {...table} />
      ))}
      <Card>
        <CardHeader title="The way out" description="Each was checked by planning with it." />
        <CardBody>
          <ul className="grid list-disc gap-1.5 pl-5 text-sm break-words">
            {wayOut.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </CardBody>
      </Card>
    </div>
  )
}

function Figures({ title, head, rows }: StoryDetail['tables'][number]) {
  return (
    <Card>
      <CardHeader title={title} />
      <Table label={title} cards className="mt-2">
        <TableHead>
          <TableRow>
            {head.map((name, column) => (
              <TableHeading key={name} numeric={column > 0}>
                {name}
              </TableHeading>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map(([first, ...cells]) => (
            <TableRow key={first?.text}>
              <TableRowHeading>{first?.text}</TableRowHeading>
              {cells.map((cell, at) => (
                <TableCell key={head[at + 1]} data-label={head[at + 1]} numeric>
                  {cell.bytes === undefined ? cell.text : <ByteFigure bytes={bytes(cell.bytes)} />}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  )
}
