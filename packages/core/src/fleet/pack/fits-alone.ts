import type { Machine } from '../../machine/machine.ts'
import type { PackOption } from './options.ts'
import type { ByPlace } from './room.ts'

export interface MachineFree {
  readonly machine: Machine
  /** Free before margins. */
  readonly free: ByPlace
  readonly margins: ByPlace
}

/** Whether an option has room on a machine: of each pool the largest part on the freest device, and so on down. */
export const fitsAlone = (option: PackOption, where: MachineFree): boolean =>
  hostNeed(option, where.machine) <= where.free.host - where.margins.host &&
  poolsOf(option).every((pool) => poolFits(option, pool, where))

/** With what devices take that share the host's memory. Devices of a pool are alike. */
export const hostNeed = ({ host, seats }: PackOption, { devices }: Machine): number =>
  seats.reduce(
    (sum, { pool, bytes, positions }) => sum + (devices[pool[0]!]!.unified ? bytes * positions.length : 0),
    host,
  )

/** Each pool of an option once. */
export const poolsOf = ({ seats }: PackOption): readonly (readonly number[])[] => [
  ...new Set(seats.map(({ pool }) => pool)),
]

function poolFits({ seats }: PackOption, pool: readonly number[], { free, margins }: MachineFree): boolean {
  const needs = seats
    .filter((seat) => seat.pool === pool)
    .flatMap(({ positions, bytes }) => positions.map(() => bytes))
    .toSorted((one, other) => other - one)
  const rooms = pool.map((at) => free.devices[at]! - margins.devices[at]!).toSorted((one, other) => other - one)
  return needs.length <= rooms.length && needs.every((need, at) => need <= rooms[at]!)
}

/** Each is a process with a driver context of some hundred MiB of its own: no machine has room for so many. */
const MOST_ON_MACHINE = 4096

/** Replicas of an option that all its devices together, and the host, have memory for: no packing has more. */
export function mostOf({ seats, host }: PackOption, free: ByPlace): number {
  const devices = [...new Set(seats.flatMap(({ pool }) => pool))]
  const room = devices.reduce((sum, at) => sum + Math.max(0, free.devices[at]!), 0)
  const need = seats.reduce((sum, { bytes, positions }) => sum + bytes * positions.length, 0)
  return Math.floor(
    Math.min(need > 0 ? room / need : Infinity, host > 0 ? free.host / host : Infinity, MOST_ON_MACHINE),
  )
}
