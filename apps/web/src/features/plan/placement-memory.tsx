'use client'

import {
  bytes,
  type Certainty,
  type FigureExplanation,
  type Machine,
  type PlaceFigures,
  type PlaceMemory,
  type Placement,
} from '@berth/core'
import { BarLegend } from '@berth/ui/bar-legend'
import { ByteFigure } from '@berth/ui/byte-figure'
import { CertaintyBadge } from '@berth/ui/certainty-badge'
import { MemoryBar } from '@berth/ui/memory-bar'
import { commonScale } from '@berth/ui/segments'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import { segmentWords } from '@berth/ui/segment-kinds'
import { hasReserved, kindsOf, segmentsOf } from './memory-view.ts'
import { placeName } from './verdict-view.ts'

export interface PlacementMemoryProps {
  readonly placement: Placement
  readonly machine: Machine
  /** How each figure comes about, in the order of the placement's memory. */
  readonly figures?: readonly PlaceFigures[] | undefined
}

/** Where every byte of a placement lies: one bar a place, and the same figures as a table. */
export function PlacementMemory({ placement, machine, figures }: PlacementMemoryProps) {
  const gpus = placement.memory.filter(({ place }) => place.kind === 'device')
  const host = placement.memory.filter(({ place }) => place.kind === 'host')
  return (
    <div className="grid gap-4">
      <BarLegend kinds={kindsOf(placement.memory)} margin />
      <Bars places={gpus} machine={machine} />
      {host.length > 0 && <Bars places={host} machine={machine} />}
      {gpus.length > 0 && host.length > 0 && (
        <p className="text-xs text-tertiary">GPUs are drawn to one scale, host memory to its own.</p>
      )}
      <MemoryTable places={placement.memory} machine={machine} figures={figures} />
    </div>
  )
}

function Bars({ places, machine }: { readonly places: readonly PlaceMemory[]; readonly machine: Machine }) {
  const scale = commonScale(places.map((memory) => ({ capacity: memory.capacity, segments: segmentsOf(memory) })))
  return (
    <ul className="grid gap-3.5">
      {places.map((memory) => (
        <li key={keyOf(memory)} className="grid gap-1.5">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4 text-xs">
            <p>
              <span className="font-medium">{placeName(memory.place, machine)}</span>{' '}
              <span className="text-secondary">{deviceName(memory, machine)}</span>
            </p>
            <p className="text-secondary">
              <ByteFigure bytes={memory.required} note="What the plan takes here" />
              {memory.capacityUnknown ? (
                ', of how much is unknown'
              ) : (
                <>
                  {' of '}
                  <ByteFigure bytes={memory.capacity} note="What a plan may use here when nobody else does" />
                </>
              )}
            </p>
          </div>
          <MemoryBar
            label={placeName(memory.place, machine)}
            segments={segmentsOf(memory)}
            capacity={memory.capacity}
            scale={scale}
            {...(memory.capacityUnknown ? {} : { margin: memory.margin })}
          />
        </li>
      ))}
    </ul>
  )
}

const partKinds = ['model', 'context', 'compute', 'overhead'] as const

function MemoryTable({
  places,
  machine,
  figures,
}: Pick<PlacementMemoryProps, 'machine' | 'figures'> & { readonly places: readonly PlaceMemory[] }) {
  return (
    <Table label="Memory by place" flush className="text-xs">
      <TableHead>
        <TableRow>
          <TableHeading>Place</TableHeading>
          {partKinds.map((kind) => (
            <TableHeading key={kind} numeric data-tip={segmentWords[kind].hint}>
              {segmentWords[kind].label}
            </TableHeading>
          ))}
          <TableHeading numeric data-tip={segmentWords.measured.hint}>
            {segmentWords.measured.label}
          </TableHeading>
          {hasReserved(places) && (
            <TableHeading numeric data-tip={segmentWords.reserved.hint}>
              {segmentWords.reserved.label}
            </TableHeading>
          )}
          <TableHeading numeric>Margin</TableHeading>
          <TableHeading numeric>To spare</TableHeading>
        </TableRow>
      </TableHead>
      <TableBody>
        {places.map((memory, place) => (
          <TableRow key={keyOf(memory)}>
            <TableRowHeading className="whitespace-nowrap">{placeName(memory.place, machine)}</TableRowHeading>
            {partKinds.map((kind) => (
              <TableCell key={kind} numeric className="whitespace-nowrap">
                <CertaintyBadge certainty={memory.certainty[kind]} compact />{' '}
                <ByteFigure bytes={memory[kind]} {...noteOf(figures?.[place]?.[kind], memory.certainty[kind])} />
              </TableCell>
            ))}
            <TableCell numeric>
              <ByteFigure bytes={memory.used} />
            </TableCell>
            {hasReserved(places) && (
              <TableCell numeric>
                <ByteFigure bytes={memory.reserved ?? bytes(0)} />
              </TableCell>
            )}
            <TableCell numeric>
              <ByteFigure bytes={memory.margin} />
            </TableCell>
            <TableCell numeric className={memory.headroom < 0 ? 'font-medium text-bad' : 'font-medium'}>
              {memory.capacityUnknown ? (
                <span className="font-normal text-tertiary">unknown</span>
              ) : (
                <ByteFigure
                  bytes={memory.headroom}
                  note="Capacity − measured − reserved − margin − the four parts of the plan"
                />
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

const certaintyWords = { exact: 'Exact', 'upper-bound': 'Upper bound', assumed: 'Assumed' } as const

/** The formula with its numbers, how sure it is, and where llama.cpp does the same. */
const noteOf = (figure: FigureExplanation | undefined, certainty: Certainty): { readonly note?: string } =>
  figure ? { note: `${figure.formula}\n${certaintyWords[certainty]}. Source: ${figure.source}` } : {}

const keyOf = ({ place }: PlaceMemory): string => (place.kind === 'host' ? 'host' : place.device)

const deviceName = ({ place }: PlaceMemory, machine: Machine): string =>
  place.kind === 'host' ? (machine.cpuName ?? '') : (machine.devices.find(({ id }) => id === place.device)?.name ?? '')
