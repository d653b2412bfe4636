import type { Machine } from '../../machine/machine.ts'
import { MIB } from '../../units.ts'
import { mostOf, poolsOf } from './fits-alone.ts'
import type { Formulation, OptionColumns, PlaceLoad, PlannedProblem } from './formulation.ts'
import { type MilpBuilder, milpBuilder, times } from './milp.ts'
import { stagesOf } from './policies.ts'
import { roomOf } from './room.ts'

/**
 * Counts of replicas by option, and counts of their parts by device. As the parts of a replica must lie on devices of their
 * own, a device takes no more parts of an option than there are replicas of it; that is enough, for such counts can always
 * be told apart into replicas (König: a bipartite graph has an edge colouring with as many colours as its largest degree).
 */
export function formulate(problem: PlannedProblem): Formulation {
  const builder = milpBuilder()
  const chosen = problem.options.flatMap((byDemand, machine) =>
    byDemand.flatMap(({ options }, demand) =>
      options.map((option) => columnsOf(builder, problem, { demand, machine, option })),
    ),
  )
  for (const [at, { replicas }] of problem.demands.entries()) {
    const ofIt = chosen.filter(({ demand }) => demand === at)
    if (ofIt.length > 0)
      builder.atMost(
        replicas,
        ofIt.map(({ count }) => times(1, count)),
      )
  }
  const loads = problem.machines.flatMap((machine, at) => {
    const here = chosen.filter((one) => one.machine === at)
    const marginsFor = ({ demand }: OptionColumns) => problem.options[at]![demand]!.margins
    return loadsOn(machine, here, marginsFor).map((load) => ({ ...load, machine: at }))
  })
  for (const load of loads) keepRoom(builder, load)
  const stages = stagesOf({ builder, problem, chosen, loads })
  return { milp: builder.built(), stages, chosen, complete: builder.complete }
}

function columnsOf(
  builder: MilpBuilder,
  { demands, machines }: PlannedProblem,
  about: Pick<OptionColumns, 'demand' | 'machine' | 'option'>,
): OptionColumns {
  const { option } = about
  const free = roomOf(machines[about.machine]!)
  const most = Math.min(demands[about.demand]!.replicas, mostOf(option, free))
  const count = builder.whole(most)
  const seats = option.seats.map(({ pool, positions, bytes }) => {
    if (positions.length === pool.length) return undefined
    const columns = pool.map((at) => builder.whole(Math.min(most, Math.max(0, Math.floor(free.devices[at]! / bytes)))))
    const all = columns.map((column) => times(1, column))
    builder.row({ lower: 0, upper: 0, terms: [...all, times(-positions.length, count)] })
    return columns
  })
  const columns = { ...about, count, seats }
  for (const pool of poolsOf(option)) keepApart(builder, columns, pool)
  return columns
}

/** No device takes two parts of one replica, where there are two. */
function keepApart(builder: MilpBuilder, { option, seats, count }: OptionColumns, pool: readonly number[]): void {
  const onPool = option.seats.flatMap((seat, at) => (seat.pool === pool ? [{ seat, columns: seats[at] }] : []))
  if (onPool.flatMap(({ seat }) => seat.positions).length < 2) return
  for (const at of pool.keys()) {
    const terms = onPool.flatMap(({ columns }) => (columns ? [times(1, columns[at]!)] : []))
    if (terms.length > 0) builder.atMost(0, [...terms, times(-1, count)])
  }
}

type Parts = PlaceLoad['parts']

/** What may lie on each place of a machine; places that nothing may lie on are left out. */
function loadsOn(
  machine: Machine,
  chosen: readonly OptionColumns[],
  marginsFor: (one: OptionColumns) => { readonly devices: readonly number[]; readonly host: number },
): readonly Omit<PlaceLoad, 'machine'>[] {
  const free = roomOf(machine)
  const partsOn = (device: number, marginOf: (one: OptionColumns) => number): Parts =>
    chosen.flatMap((one) =>
      one.option.seats.flatMap(({ pool, bytes }, seat) => {
        const within = pool.indexOf(device)
        const column = one.seats[seat]?.[within] ?? one.count
        return within === -1 ? [] : [{ column, bytes, margin: marginOf(one), demand: one.demand }]
      }),
    )
  const devices = machine.devices.map((_, device) => ({
    device,
    free: free.devices[device]!,
    parts: partsOn(device, (one) => marginsFor(one).devices[device]!),
  }))
  const ofHost = chosen.map((one) => {
    return { column: one.count, bytes: one.option.host, margin: marginsFor(one).host, demand: one.demand }
  })
  // Its memory is the host's too.
  const shared = machine.devices.flatMap(({ unified }, device) =>
    unified ? partsOn(device, (one) => marginsFor(one).host) : [],
  )
  const host = free.host === Infinity ? [] : [{ free: free.host, parts: [...ofHost, ...shared] }]
  return [...devices, ...host].filter(({ parts }) => parts.length > 0)
}

/** Of the margins of those that use a place the largest stays free, and only once. In MiB, which keeps figures near one. */
function keepRoom(builder: MilpBuilder, { free, parts }: PlaceLoad): void {
  const margins = [...new Set(parts.map(({ margin }) => margin))].toSorted((one, other) => one - other)
  const [least = 0, ...larger] = margins
  const increments = larger.map((margin, at) => {
    const users = parts.filter((part) => part.margin >= margin).map(({ column }) => column)
    return times((margin - margins[at]!) / MIB, builder.whereAny(users))
  })
  builder.atMost(Math.max(0, free - least) / MIB, [
    ...parts.map(({ column, bytes }) => times(bytes / MIB, column)),
    ...increments,
  ])
}
