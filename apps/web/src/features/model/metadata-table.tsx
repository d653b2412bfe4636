import type { GgufHeader, HeaderValue } from '@berth/core'
import { groupThousands } from '@berth/core'
import { Card } from '@berth/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'

/** Chat templates run to pages; their beginning tells which one it is. */
const MAX_SHOWN = 160
const MAX_ITEMS = 8

/** The header's own entries, as they stand in the file. */
export function MetadataTable({ header }: { readonly header: GgufHeader }) {
  const entries = Object.entries(header.metadata).toSorted(([a], [b]) => a.localeCompare(b))
  return (
    <Card>
      <details>
        <summary className="rounded-lg px-4 py-3.5 text-sm font-semibold sm:px-5">
          Metadata <span className="font-normal text-secondary">{entries.length} entries</span>
        </summary>
        <Table label="Metadata" className="text-xs">
          <TableHead>
            <TableRow>
              <TableHeading>Key</TableHeading>
              <TableHeading>Value</TableHeading>
            </TableRow>
          </TableHead>
          <TableBody>
            {entries.map(([key, value]) => (
              <TableRow key={key}>
                <TableRowHeading className="py-1.5 align-top font-mono font-normal text-secondary">
                  {key}
                </TableRowHeading>
                <TableCell className="break-all py-1.5 font-mono">
                  {write(value, header.trimmedArrayLengths[key])}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </details>
    </Card>
  )
}

function write(value: HeaderValue, trimmed: number | undefined): string {
  if (trimmed !== undefined) return `${groupThousands(trimmed)} items, not kept`
  if (typeof value === 'object') {
    const shown = value.slice(0, MAX_ITEMS).join(', ')
    return value.length > MAX_ITEMS ? `[${shown}, … ${groupThousands(value.length)} items]` : `[${shown}]`
  }
  const text = String(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
