import {
  explainUnplaced,
  likenessOf,
  type PackMemo,
  planProblem,
  type PlannedProblem,
  unplacedOf,
  verified,
} from '@berth/core'
import { placeMost } from '@berth/solver'
import type { MachineView } from '../machine/schema.ts'
import { judgedMachine } from '../plan/judged-machine.ts'
import { type AskedDemand, problemOf } from './answer.ts'
import type { ReplicasOutput } from './schema.ts'

export interface ReplicasQuestion {
  readonly demand: Omit<AskedDemand, 'replicas' | 'priority' | 'allowed'>
  /** Those that may hold it. */
  readonly machines: readonly MachineView[]
  readonly seconds: number
}

export type ReplicasAnswer = Omit<ReplicasOutput, 'model'>

/** No machine has room for so many processes. */
const BOUNDLESS = 4096

/**
 * Machines have nothing to do with each other where there is one model only: each is filled by itself, and those that are
 * alike and as free once.
 */
export async function answerReplicas({ demand, machines, seconds }: ReplicasQuestion): Promise<ReplicasAnswer> {
  const memo: PackMemo = new Map()
  const asked = { ...demand, replicas: BOUNDLESS, priority: 0, allowed: machines.map(({ id }) => id) }
  const problem = planProblem(problemOf({ demands: [asked], machines, policy: 'pack' }), memo)
  const alike = new Map<string, { readonly replicas: number; readonly bound: number }>()
  const kinds = new Set(machines.map(kindOf)).size
  for (const [at, machine] of machines.entries()) {
    const kind = kindOf(machine)
    if (!alike.has(kind)) alike.set(kind, await fill(problem, at, seconds / kinds))
  }
  const rows = machines.map((machine) => ({ machine: judgedMachine(machine), ...alike.get(kindOf(machine))! }))
  const total = rows.reduce((sum, { replicas }) => sum + replicas, 0)
  return {
    total,
    bound: rows.reduce((sum, { bound }) => sum + bound, 0),
    machines: rows.toSorted((one, other) => other.replicas - one.replicas),
    explanation:
      total > 0
        ? []
        : unplacedOf(problem, [], memo).flatMap((one) => explainUnplaced(one, { problem, names: [demand.name] })),
  }
}

async function fill(problem: PlannedProblem, at: number, seconds: number) {
  const alone = { ...problem, machines: [problem.machines[at]!], options: [problem.options[at]!] }
  if (alone.options[0]![0]!.options.length === 0) return { replicas: 0, bound: 0 }
  const { assigned, goals } = await placeMost(alone, { seconds })
  const { reasons } = verified(alone, assigned)
  if (reasons.length > 0) throw new Error(`replicas break rules: ${JSON.stringify(reasons)}`)
  return { replicas: assigned.length, bound: goals[0]!.bound }
}

/** All that says how many replicas a machine holds. */
const kindOf = ({ devices, ...machine }: MachineView): string => {
  const { os, hostMemoryTotal, hostMemoryUsed, hostMemoryReserved, hostMemoryReservedWhenRead } = machine
  return JSON.stringify([
    ...[os, hostMemoryTotal, hostMemoryUsed, hostMemoryReserved, hostMemoryReservedWhenRead],
    devices.map((device) => [
      ...[likenessOf(device), device.index, device.memoryUsed, device.memoryReserved, device.memoryReservedWhenRead],
    ]),
  ])
}
