import { type Bytes, type ContextCurve, groupThousands } from '@berth/core'
import { ByteFigure } from '@berth/ui/byte-figure'
import { ContextChart } from '@berth/ui/context-chart'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'

/** What the context takes up to the trained length, as lines and as a table. */
export function ContextGrowth({
  curves,
  contextLength,
  size,
}: {
  readonly curves: readonly ContextCurve[]
  readonly contextLength: number
  readonly size: Bytes
}) {
  const first = curves[0]
  if (!first) {
    return (
      <p className="text-xs text-secondary">
        Its context takes <ByteFigure bytes={size} />, however long it is and in whatever type.
      </p>
    )
  }
  return (
    <div className="grid gap-2">
      <h3 className="text-xs font-medium text-secondary">Context up to the trained length, by type of the cache</h3>
      <ContextChart title="Context" curves={curves} mark={{ contextLength, bytes: size }} />
      <details>
        <summary className="w-fit rounded-sm text-xs text-secondary hover:text-ink">The same as a table</summary>
        <div className="mt-2">
          <Table label="Context by length" flush className="text-xs">
            <TableHead>
              <TableRow>
                <TableHeading>Tokens</TableHeading>
                {curves.map(({ cacheType }) => (
                  <TableHeading key={cacheType} numeric>
                    {cacheType}
                  </TableHeading>
                ))}
              </TableRow>
            </TableHead>
            <TableBody>
              {first.points.map(({ contextLength: length }, index) => (
                <TableRow key={length}>
                  <TableRowHeading className="py-1 font-normal tabular-nums">{groupThousands(length)}</TableRowHeading>
                  {curves.map(({ cacheType, points }) => (
                    <TableCell key={cacheType} numeric className="py-1">
                      <ByteFigure bytes={points[index]!.bytes} focusable={false} />
                    </TableCell>
                  ))}
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </div>
      </details>
    </div>
  )
}
