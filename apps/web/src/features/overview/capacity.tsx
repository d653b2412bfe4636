import {
  type Bytes,
  gpuMemoryFree,
  gpuMemoryFreeNow,
  gpuMemoryHeld,
  gpuMemoryTotal,
  type Machine,
  sumBytes,
} from '@berth/core'
import { BarLegend } from '@berth/ui/bar-legend'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { MemoryBar } from '@berth/ui/memory-bar'
import type { SegmentKind } from '@berth/ui/segment-kinds'
import { commonScale, type Segment } from '@berth/ui/segments'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { paths } from '../../paths.ts'
import { devicesSummary } from '../plan/verdict-view.ts'

const unknown = <span className="font-normal text-tertiary">unknown</span>

/** What the lab has in all, and machine by machine to one scale. */
export function Capacity({ machines }: { readonly machines: readonly Machine[] }) {
  const devices = machines.flatMap((machine) => machine.devices)
  const now = machines.map(gpuMemoryFreeNow).filter((size) => size !== undefined)
  const after = machines.map(gpuMemoryFree).filter((size) => size !== undefined)
  const hosts = machines.flatMap(({ hostMemoryTotal }) => (hostMemoryTotal === undefined ? [] : [hostMemoryTotal]))
  return (
    <Card>
      <CardHeader title="Lab memory" description="Measured when each machine was read; reserved from now on." />
      <CardBody className="grid gap-5">
        <dl className="grid grid-cols-2 gap-4 sm:grid-cols-5">
          <Figure term="GPU memory">
            <ByteFigure bytes={sumBytes(machines.map(gpuMemoryTotal))} />
          </Figure>
          <Figure term="Free now">
            <Free sizes={now} machines={machines.length} note="As last measured" />
          </Figure>
          <Figure term="Free after reservations">
            <Free sizes={after} machines={machines.length} note="Once all that is reserved is taken: what plans find" />
          </Figure>
          <Figure term="GPUs">{devices.length}</Figure>
          <Figure term="RAM">{hosts.length === 0 ? unknown : <ByteFigure bytes={sumBytes(hosts)} />}</Figure>
        </dl>
        <MachineBars machines={machines} />
      </CardBody>
    </Card>
  )
}

function Free({
  sizes,
  machines,
  note,
}: {
  readonly sizes: readonly Bytes[]
  readonly machines: number
  readonly note: string
}) {
  if (sizes.length === 0) return unknown
  return (
    <>
      <ByteFigure bytes={sumBytes(sizes)} note={note} />
      {sizes.length < machines && (
        <span className="block text-xs font-normal tracking-normal text-tertiary">
          on {sizes.length} of {machines} machines; the others were not measured
        </span>
      )}
    </>
  )
}

function MachineBars({ machines }: { readonly machines: readonly Machine[] }) {
  const bars = machines.map((machine) => ({
    machine,
    capacity: gpuMemoryTotal(machine),
    segments: segmentsOf(machine),
  }))
  const scale = commonScale(bars)
  return (
    <div className="grid gap-3">
      <BarLegend kinds={['measured', 'reserved']} />
      <ul className="grid gap-3">
        {bars.map(({ machine, capacity, segments }) => (
          <li
            key={machine.id}
            className="grid gap-1 sm:grid-cols-[14rem_minmax(0,1fr)_6.5rem] sm:items-center sm:gap-4"
          >
            <div className="min-w-0">
              <Link href={paths.machine(machine.id)} className="block truncate rounded-sm font-medium hover:underline">
                {machine.name}
              </Link>
              <p className="truncate text-xs text-secondary">{devicesSummary(machine) || 'No GPU'}</p>
            </div>
            <MemoryBar label={machine.name} segments={segments} capacity={capacity} scale={scale} height={18} />
            <p className="text-xs text-secondary sm:text-right">
              <ByteFigure bytes={capacity} />
              {gpuMemoryFree(machine) === undefined && <span className="text-tertiary sm:block"> not measured</span>}
            </p>
          </li>
        ))}
      </ul>
    </div>
  )
}

function segmentsOf(machine: Machine): readonly Segment<SegmentKind>[] {
  const { used, reserved } = gpuMemoryHeld(machine)
  return [
    { kind: 'measured', bytes: used },
    { kind: 'reserved', bytes: reserved },
  ]
}

function Figure({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-tertiary">{term}</dt>
      <dd className="mt-0.5 text-lg font-semibold tracking-tight tabular-nums">{children}</dd>
    </div>
  )
}
