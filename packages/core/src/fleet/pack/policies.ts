import type { Formulation, OptionColumns, PackGoal, PlaceLoad, PlannedProblem } from './formulation.ts'
import { type MilpBuilder, type Stage, type Term, times } from './milp.ts'
import { type PackPolicy, prioritiesOf } from './problem.ts'

interface Sought extends Pick<Formulation, 'chosen'> {
  readonly builder: MilpBuilder
  readonly problem: PlannedProblem
  readonly loads: readonly PlaceLoad[]
}

type PackStage = Stage<PackGoal>

/** By priority as many replicas as can be; then what the policy asks for. */
export function stagesOf(sought: Sought): readonly PackStage[] {
  const { chosen, problem } = sought
  const placed = prioritiesOf(problem.demands).map((priority): PackStage => {
    const ofIt = chosen.filter(({ demand }) => problem.demands[demand]!.priority === priority)
    const placeable = new Set(ofIt.map(({ demand }) => demand))
    const limit = [...placeable].reduce((sum, demand) => sum + problem.demands[demand]!.replicas, 0)
    return { goal: { kind: 'placed', priority }, sense: 'most', terms: ofIt.map(({ count }) => times(1, count)), limit }
  })
  return [...placed, ...policies[problem.policy](sought)]
}

const policies = {
  pack: (sought) => {
    const used = usedOf(sought)
    return [
      { goal: { kind: 'machines' }, sense: 'least', terms: used.machines.map((column) => times(1, column)), limit: 0 },
      { goal: { kind: 'gpus' }, sense: 'least', terms: used.devices.map((column) => times(1, column)), limit: 0 },
    ]
  },
  // Without the second, the third would split every replica over all GPUs there are.
  spread: (sought) => [
    { goal: { kind: 'apart' }, sense: 'most', terms: pairs(sought), limit: mostPairs(sought) },
    { goal: { kind: 'parts' }, sense: 'least', terms: sought.chosen.map(partsOf), limit: 0 },
    { goal: { kind: 'load' }, sense: 'least', terms: [times(1, largestLoad(sought))], limit: 0 },
  ],
} as const satisfies Record<PackPolicy, (sought: Sought) => readonly PackStage[]>

const partsOf = ({ option, count }: OptionColumns): Term => times(option.layers.length, count)

/** Columns that are 1 for every device, and every machine, that holds any of it. */
function usedOf({ builder, problem, loads }: Sought): Record<'machines' | 'devices', readonly number[]> {
  const byMachine = problem.machines.map((_, at) =>
    loads
      .filter(({ machine, device }) => machine === at && device !== undefined)
      .map(({ free, parts }) => builder.whereLoaded(parts, free)),
  )
  const machines = byMachine.filter(({ length }) => length > 0).map((devices) => builder.whereAny(devices))
  return { machines, devices: byMachine.flat() }
}

/** One for every demand and machine, 1 at most and only where a replica of it lies there. */
function pairs({ builder, problem, chosen }: Sought): readonly Term[] {
  return problem.demands.flatMap(({ replicas }, demand) => {
    if (replicas === 1) return []
    return problem.machines.flatMap((_, machine) => {
      const here = chosen.filter((one) => one.demand === demand && one.machine === machine)
      return here.length === 0 ? [] : [times(1, builder.ifAny(here.map(({ count }) => count)))]
    })
  })
}

const mostPairs = ({ problem, chosen }: Sought): number =>
  problem.demands.reduce((sum, { replicas }, demand) => {
    const machines = new Set(chosen.filter((one) => one.demand === demand).map(({ machine }) => machine))
    return sum + (replicas === 1 ? 0 : Math.min(replicas, machines.size))
  }, 0)

const largestLoad = ({ builder, loads }: Sought): number =>
  builder.largestOf(
    loads
      .filter(({ device }) => device !== undefined)
      .map(({ free, parts }) => parts.map(({ column, bytes }) => times(bytes / free, column))),
  )
