import {
  bytes,
  deviceId,
  instant,
  machineId,
  type Place,
  type ReservationId,
  reservationId,
  type TimeWindow,
} from '@berth/core'
import type {
  Device as DeviceRow,
  Machine as MachineRow,
  ReservedMemory as MemoryRow,
  Reservation as Row,
} from '../generated/sqlite/client.ts'
import type { MachineView } from '../machine/schema.ts'
import { type ReservedFor, reservedForSchema } from './reserved-for.ts'

/** A reservation between its rows and what is shown of it. */
export interface StoredReservation {
  readonly id: ReservationId
  readonly purpose: string
  readonly owner: string
  readonly planId: string | null
  readonly reservedFor: ReservedFor
  readonly machine: Pick<MachineView, 'id' | 'name'> & {
    readonly devices: readonly {
      readonly id: ReturnType<typeof deviceId>
      readonly index: number
      readonly name: string
    }[]
  }
  readonly inventoryIndex: string
  /** As it was asked for: what its devices share with the host is not told again there. */
  readonly memory: readonly { readonly place: Place; readonly bytes: ReturnType<typeof bytes> }[]
  readonly window: TimeWindow
  readonly releasedAt: Date | null
  readonly revision: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export const withAll = {
  memory: true,
  machine: {
    select: {
      id: true,
      name: true,
      revision: true,
      reservationRevision: true,
      devices: { select: { id: true, position: true, name: true } },
    },
  },
} as const

export type FullRow = Row & {
  readonly memory: readonly MemoryRow[]
  readonly machine: Pick<MachineRow, 'id' | 'name' | 'revision' | 'reservationRevision'> & {
    readonly devices: readonly Pick<DeviceRow, 'id' | 'position' | 'name'>[]
  }
}

/** Stands for a machine and what is reserved on it. */
export const indexOf = ({
  revision,
  reservationRevision,
}: Pick<MachineRow, 'revision' | 'reservationRevision'>): string => `${revision}.${reservationRevision}`

export const toWindow = ({ startsAt, endsAt }: Pick<Row, 'startsAt' | 'endsAt'>): TimeWindow => ({
  start: instant(startsAt.getTime()),
  end: endsAt === null ? null : instant(endsAt.getTime()),
})

export function toReservation(row: FullRow): StoredReservation {
  const { machine } = row
  return {
    id: reservationId(row.id),
    purpose: row.purpose,
    owner: row.owner,
    planId: row.planId,
    reservedFor: reservedForSchema.parse(JSON.parse(row.what)),
    machine: {
      id: machineId(machine.id),
      name: machine.name,
      devices: machine.devices.map(({ id, position, name }) => ({ id: deviceId(id), index: position, name })),
    },
    inventoryIndex: indexOf(machine),
    memory: memoryOf(row.memory, machine.devices),
    window: toWindow(row),
    releasedAt: row.releasedAt,
    revision: row.revision,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

/** Devices as the machine lists them, those that are gone behind them, then the host. */
function memoryOf(
  rows: readonly MemoryRow[],
  devices: readonly Pick<DeviceRow, 'id' | 'position'>[],
): StoredReservation['memory'] {
  const positions = new Map(devices.map(({ id, position }) => [id, position]))
  const rank = ({ deviceId: id }: MemoryRow) =>
    id === '' ? Number.POSITIVE_INFINITY : (positions.get(id) ?? devices.length)
  return rows
    .filter(({ bytes: all, sharedBytes }) => all > sharedBytes)
    .toSorted((one, other) => rank(one) - rank(other) || one.deviceId.localeCompare(other.deviceId))
    .map(({ deviceId: id, bytes: all, sharedBytes }) => ({
      place: id === '' ? { kind: 'host' } : { kind: 'device', device: deviceId(id) },
      bytes: bytes(Number(all - sharedBytes)),
    }))
}
