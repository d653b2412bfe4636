import type { Assigned } from './assigned.ts'
import { poolsOf } from './fits-alone.ts'
import type { Formulation, OptionColumns } from './formulation.ts'

/** Replicas with their devices, from what a solver makes of the columns. */
export const assignedFrom = ({ chosen }: Formulation, values: readonly number[]): readonly Assigned[] =>
  chosen.flatMap((one) => replicasOf(one, (column) => Math.round(values[column]!)))

/** The inverse: every column of the answer that these replicas are. */
export function packingValues(
  { chosen, milp, complete }: Formulation,
  assigned: readonly Assigned[],
): readonly number[] {
  const values = milp.columns.map(() => 0)
  for (const one of assigned) {
    const columns = chosen.find(
      ({ demand, machine, option }) => demand === one.demand && machine === one.machine && option === one.option,
    )
    if (!columns) throw new Error(`demand ${one.demand} has no such option on machine ${one.machine}`)
    values[columns.count]!++
    for (const [at, { positions, pool }] of columns.option.seats.entries()) {
      for (const position of positions) {
        const column = columns.seats[at]?.[pool.indexOf(one.devices[position]!)]
        if (column !== undefined) values[column]!++
      }
    }
  }
  return complete(values)
}

function replicasOf(one: OptionColumns, valueAt: (column: number) => number): readonly Assigned[] {
  const { demand, machine, option } = one
  const replicas = Array.from({ length: valueAt(one.count) }, () => option.layers.map(() => -1))
  for (const pool of poolsOf(option)) {
    const seats = option.seats.flatMap(({ positions, pool: own }, at) =>
      own === pool
        ? [{ positions, counts: pool.map((_, device) => valueAt(one.seats[at]?.[device] ?? one.count)) }]
        : [],
    )
    for (const [at, round] of rounds(seats, pool.length, replicas.length).entries()) {
      for (const { position, device } of round) replicas[at]![position] = pool[device]!
    }
  }
  return replicas.map((devices) => ({ demand, machine, option, devices }))
}

interface SeatCounts {
  readonly positions: readonly number[]
  /** By device of the pool, parts that lie there, over all replicas. */
  readonly counts: readonly number[]
}

type Round = readonly { readonly position: number; readonly device: number }[]

/**
 * One round a replica, in which no device takes two parts. Idle seats make every device take as many parts as there are
 * rounds: what is left is then regular after every round, and a regular bipartite graph has a perfect matching.
 */
function rounds(seats: readonly SeatCounts[], devices: number, count: number): readonly Round[] {
  const idle = Array.from({ length: devices }, (_, device) => count - sumAt(seats, device))
  const parts = seats.flatMap(({ positions }) => positions).length
  const left = [...seats.map((seat) => ({ ...seat, counts: [...seat.counts] })), { positions: [], counts: idle }]
  return Array.from({ length: count }, () => {
    const places = left.map(({ positions }, at) => (at === seats.length ? devices - parts : positions.length))
    const seatOf = matching(
      left.map(({ counts }) => counts),
      places,
      devices,
    )
    const taken = left.map(() => 0)
    return seatOf.flatMap((seat, device) => {
      left[seat]!.counts[device]!--
      const position = left[seat]!.positions[taken[seat]!++]
      return position === undefined ? [] : [{ position, device }]
    })
  })
}

const sumAt = (seats: readonly SeatCounts[], device: number): number =>
  seats.reduce((sum, { counts }) => sum + counts[device]!, 0)

/** By device the seat it takes, each seat as often as it has places: augmenting paths, as Kuhn's. */
function matching(
  counts: readonly (readonly number[])[],
  places: readonly number[],
  devices: number,
): readonly number[] {
  const seatOf = Array.from({ length: devices }, () => -1)
  const enter = (device: number, seen: Set<number>): boolean => {
    for (const [seat, most] of places.entries()) {
      if (counts[seat]![device]! <= 0 || seen.has(seat)) continue
      seen.add(seat)
      const takers = seatOf.flatMap((taken, at) => (taken === seat ? [at] : []))
      if (takers.length < most || takers.some((taker) => enter(taker, seen))) {
        seatOf[device] = seat
        return true
      }
    }
    return false
  }
  for (const device of seatOf.keys()) {
    if (!enter(device, new Set())) throw new Error('counts of parts that no replicas have')
  }
  return seatOf
}
