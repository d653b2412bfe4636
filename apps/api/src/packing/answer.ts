import {
  type Engine,
  explainGoal,
  explainUnplaced,
  type GgufHeader,
  heldOnDevice,
  type MachineId,
  type ModelSource,
  type PackDemand,
  type PackedReplica,
  type PackGoal,
  type PackMemo,
  type PackPolicy,
  type PackProblem,
  planProblem,
  type PlannedProblem,
  type RunRequest,
  startOf,
  unplacedOf,
  verified,
  writeGoalValue,
} from '@berth/core'
import { packAtOnce, packExactly, type SolvedPacking, type StageAnswer } from '@berth/solver'
import type { MachineView } from '../machine/schema.ts'
import { described } from '../plan/judge.ts'
import { judgedMachine } from '../plan/judged-machine.ts'
import { engineFor, type GgufEngineChoice } from '../plan/verdict-schema.ts'
import type { PackingOutput } from './schema.ts'

/** A demand as it is sent to a thread: nothing is described yet. */
export interface AskedDemand extends GgufEngineChoice {
  readonly name: string
  readonly header: GgufHeader
  readonly source: ModelSource
  readonly request: RunRequest
  readonly replicas: number
  readonly priority: number
  readonly allowed: readonly MachineId[]
  readonly mayRelyOnHost: boolean
}

export interface PackingQuestion {
  readonly demands: readonly AskedDemand[]
  readonly policy: PackPolicy
  readonly machines: readonly MachineView[]
  /** None for the greedy answer. */
  readonly seconds: number | undefined
}

/** What the thread answers: names of models and the like are known to who asked. */
export type PackingAnswer = Omit<PackingOutput, 'demands'>

export function problemOf({ demands, machines, policy }: Omit<PackingQuestion, 'seconds'>): PackProblem {
  const packed = demands.map(
    ({ header, allowed, engine, engineVersion, request, replicas, priority, mayRelyOnHost }) => ({
      model: described(header),
      engine: engineFor({ engine, engineVersion }),
      ...{ request, replicas, priority, mayRelyOnHost, allowed: new Set(allowed) },
    }),
  ) satisfies readonly PackDemand[]
  return { demands: packed, machines, policy }
}

/** At once, or as well as the time allows. */
export async function answerPacking(question: PackingQuestion): Promise<PackingAnswer> {
  const began = performance.now()
  const memo: PackMemo = new Map()
  const problem = planProblem(problemOf(question), memo)
  const planned = performance.now()
  const { seconds } = question
  const { solved, placed, isExact } = await solve(problem, seconds)
  const finished = performance.now()
  const proven = isExact && solved.goals.every(({ isBest }) => isBest)
  return {
    status: seconds === undefined ? 'greedy' : proven ? 'optimal' : 'time-limit',
    goals: solved.goals.map((goal) => goalRow(goal, isExact)),
    machines: question.machines.map(machineRow),
    placed: placed.map((one, at) => placedRow(one, placed.slice(0, at), question)),
    unplaced: unplacedRows({ problem, solved, memo }, question),
    milliseconds: { planning: Math.round(planned - began), solving: Math.round(finished - planned) },
  }
}

interface Solved {
  readonly solved: SolvedPacking
  readonly placed: readonly PackedReplica[]
  readonly isExact: boolean
}

/** A solver counts in floating point: what is over by its rounding is not taken, and the greedy answer stands. */
async function solve(problem: PlannedProblem, seconds: number | undefined): Promise<Solved> {
  if (seconds !== undefined) {
    const solved = await packExactly(problem, { seconds })
    const { placed, reasons } = verified(problem, solved.assigned)
    if (reasons.length === 0) return { solved, placed, isExact: true }
  }
  const solved = packAtOnce(problem)
  const { placed, reasons } = verified(problem, solved.assigned)
  if (reasons.length > 0) throw new Error(`a packing breaks rules: ${JSON.stringify(reasons)}`)
  return { solved, placed, isExact: false }
}

function goalRow({ goal, value, bound, gap, isBest }: StageAnswer<PackGoal>, isExact: boolean) {
  const known = isExact || isBest
  return {
    ...goal,
    ...{ label: explainGoal(goal), value, valueText: writeGoalValue(goal, value) },
    ...{ bound: known ? bound : null, boundText: known ? writeGoalValue(goal, bound) : null },
    ...{ gap: known ? gap : null, isBest },
  }
}

const machineRow = (machine: MachineView): PackingAnswer['machines'][number] => ({
  ...judgedMachine(machine),
  devices: machine.devices.map((device) => {
    const { used, reserved = 0 } = heldOnDevice(device)
    return {
      ...{ id: device.id, name: device.name, index: device.index, capacity: device.memoryTotal, used },
      reserved: reserved as typeof used,
    }
  }),
})

/** Replicas on one machine listen on ports of their own, in the order in which they are placed. */
function placedRow(
  { demand, machine: at, placement }: PackedReplica,
  before: readonly PackedReplica[],
  { demands, machines }: PackingQuestion,
): PackingAnswer['placed'][number] {
  const machine = machines[at]!
  const { source, ...choice } = demands[demand]!
  const engine: Engine = engineFor(choice)
  const position = before.filter((one) => one.machine === at).length
  const { shell } = startOf(engine, { placement, machine, source, position })
  return { demand, machineId: machine.id, placement, command: shell }
}

interface Unfinished {
  readonly problem: PlannedProblem
  readonly solved: SolvedPacking
  readonly memo: PackMemo
}

function unplacedRows({ problem, solved, memo }: Unfinished, { demands }: PackingQuestion): PackingAnswer['unplaced'] {
  const names = demands.map(({ name }) => name)
  return unplacedOf(problem, solved.assigned, memo).map((unplaced) => ({
    ...{ demand: unplaced.demand, missing: unplaced.missing, elsewhere: unplaced.elsewhere },
    constraint: unplaced.constraint.code,
    explanation: explainUnplaced(unplaced, { problem, names }),
  }))
}
