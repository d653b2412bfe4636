'use client'

import type { Machine, Placement } from '@berth/core'
import { type LayerCounts, moveBoundary, withCount } from '@berth/ui/boundaries'
import { ByteFigure } from '@berth/ui/byte-figure'
import { LayerBoundaries } from '@berth/ui/layer-boundaries'
import type { LayerHolder } from '@berth/ui/layer-runs'
import { LayerStrip } from '@berth/ui/layer-strip'
import { NumberBox } from '@berth/ui/slider-field'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import { holderName, memoryOf } from './hand-split.ts'

export interface SplitEditorProps {
  readonly machine: Machine
  /** Layers of the host and of each GPU, as they are to be. */
  readonly counts: LayerCounts
  /** What was counted of them, or of those before. */
  readonly placement: Placement | undefined
  readonly onChange: (counts: LayerCounts) => void
}

/** The layer strip with boundaries that can be moved, and the same as numbers. */
export function SplitEditor({ machine, counts, placement, onChange }: SplitEditorProps) {
  const nameOf = (holder: number): string => holderName(machine, holder)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const layers = counts.flatMap((count, holder) =>
    Array.from({ length: count }, (): LayerHolder => (holder === 0 ? 'host' : holder - 1)),
  )
  return (
    <div className="grid gap-4">
      <LayerStrip
        layers={layers}
        deviceLabel={(device) => nameOf(device + 1)}
        expertsOnHost={placement?.split.expertsOnHost ?? 0}
      >
        <LayerBoundaries
          counts={counts}
          nameOf={nameOf}
          onMove={(boundary, to) => onChange(moveBoundary(counts, boundary, to))}
        />
      </LayerStrip>
      <Table label="Layers by place" flush className="max-w-md text-xs">
        <TableHead>
          <TableRow>
            <TableHeading>Place</TableHeading>
            <TableHeading numeric>Layers</TableHeading>
            <TableHeading numeric>To spare</TableHeading>
          </TableRow>
        </TableHead>
        <TableBody>
          {counts.map((count, holder) => (
            <TableRow key={nameOf(holder)}>
              <TableRowHeading>{nameOf(holder)}</TableRowHeading>
              <TableCell numeric>
                <NumberBox
                  aria-label={`Layers on ${nameOf(holder)}`}
                  value={count}
                  min={0}
                  max={total}
                  onCommit={(value) => onChange(withCount(counts, holder, value))}
                />
              </TableCell>
              <TableCell numeric>
                <ToSpare placement={placement} machine={machine} holder={holder} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

function ToSpare({
  placement,
  machine,
  holder,
}: Pick<SplitEditorProps, 'placement' | 'machine'> & { readonly holder: number }) {
  const memory = placement && memoryOf(placement, machine, holder)
  if (!memory) return null
  if (memory.capacityUnknown) return <span className="text-tertiary">unknown</span>
  return <ByteFigure bytes={memory.headroom} {...(memory.headroom < 0 ? { className: 'text-bad' } : {})} />
}
