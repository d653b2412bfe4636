import {
  type Bytes,
  gpuMemoryFree,
  gpuMemoryTotal,
  largestGpuFree,
  type MachineColumn,
  type MachineSort,
} from '@berth/core'
import { ByteFigure } from '@berth/ui/byte-figure'
import type { ReactNode } from 'react'
import type { MachineView } from '../../trpc/types.ts'
import { devicesSummary } from '../plan/verdict-view.ts'
import { ReadWhen } from '../machine/freshness.tsx'
import { LabelList } from './label-list.tsx'

/** One column beside the name. */
export interface ListColumn {
  readonly numeric?: true
  /** Of several words, which are not to stand one a line. */
  readonly wide?: true
  /** What its heading sorts by. */
  readonly sort?: MachineSort['by']
  readonly cell: (machine: MachineView) => ReactNode
}

const unknown = (
  <span className="text-tertiary" data-tip="No tool that was read prints it.">
    unknown
  </span>
)

const nothing = <span className="text-tertiary">–</span>

const size = (bytes: Bytes | undefined): ReactNode =>
  bytes === undefined ? unknown : <ByteFigure bytes={bytes} focusable={false} />

const text = (value: string | null | undefined): ReactNode =>
  value ? <span className="break-words">{value}</span> : nothing

const listColumns = {
  gpus: {
    wide: true,
    cell: (machine) => <span className="text-secondary">{devicesSummary(machine) || 'none'}</span>,
  },
  memory: { numeric: true, sort: 'memory', cell: (machine) => size(gpuMemoryTotal(machine)) },
  free: { numeric: true, sort: 'free', cell: (machine) => size(gpuMemoryFree(machine)) },
  freeOnOne: { numeric: true, cell: (machine) => size(largestGpuFree(machine)) },
  ram: { numeric: true, cell: (machine) => size(machine.hostMemoryTotal) },
  site: { sort: 'site', cell: ({ site }) => text(site) },
  owner: { cell: ({ owner }) => text(owner) },
  labels: {
    wide: true,
    cell: ({ labels }) => (Object.keys(labels).length === 0 ? nothing : <LabelList labels={labels} />),
  },
  driver: { cell: ({ driverVersion }) => (driverVersion === undefined ? unknown : text(driverVersion)) },
  read: {
    sort: 'read',
    cell: (machine) => (
      <span className="text-secondary">
        <ReadWhen machine={machine} />
      </span>
    ),
  },
} as const satisfies Readonly<Record<MachineColumn, ListColumn>>

export const columnOf = (column: MachineColumn): ListColumn => listColumns[column]
