import type { MachineId } from '../../ids.ts'
import type { Machine } from '../../machine/machine.ts'
import { explainReason } from '../../placement/explain.ts'
import type { Reason } from '../../placement/verdict.ts'
import { formatBytes, groupThousands } from '../../units.ts'
import type { PackGoal } from './formulation.ts'
import type { PackProblem } from './problem.ts'
import { type BindingOfMachine, bindingsOfMachines, type Constraint, type Unplaced } from './unplaced.ts'

type Of<Code> = Extract<Constraint, { readonly code: Code }>

/** Names of the demands, and the problem they are of. */
export interface NamedProblem {
  readonly problem: Pick<PackProblem, 'machines' | 'demands'>
  /** By demand. */
  readonly names: readonly string[]
}

/** Why replicas of a demand were left out: what binds where least is lacking, what binds elsewhere, who else could. */
export function explainUnplaced(unplaced: Unplaced, named: NamedProblem): readonly string[] {
  const { constraint, machines, elsewhere } = unplaced
  return [
    sentenceFor(constraint, unplaced.demand, named),
    ...others(machines, constraint),
    ...(elsewhere.length > 0 ? [elsewhereSentence(elsewhere, named)] : []),
  ]
}

const count = (number: number, noun: string): string => `${groupThousands(number)} ${noun}${number === 1 ? '' : 's'}`

const nameOf = (id: MachineId, { problem }: NamedProblem): string =>
  problem.machines.find((machine) => machine.id === id)?.name ?? id

const list = (parts: readonly string[]): string =>
  parts.length <= 1 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`

function sentenceFor(constraint: Constraint, demand: number, named: NamedProblem): string {
  switch (constraint.code) {
    case 'fragmented':
      return fragmented(constraint, named)
    case 'taken':
      return taken(constraint, demand, named)
    case 'held':
      return held(constraint, named)
    case 'too-large':
      return `It is too large for ${nameOf(constraint.machine, named)} even with nothing running there. ${reasonsOf(constraint, named)}`
    case 'refused':
      return `${nameOf(constraint.machine, named)} cannot run it. ${reasonsOf(constraint, named)}`
    case 'engine-places-itself':
      return `${constraint.engine} places layers itself, by what is free when it starts: where they lie cannot be promised.`
    case 'no-machine-allowed':
      return 'No machine is among those it may run on.'
  }
}

const fragmented = ({ machine, needed, left }: Of<'fragmented'>, named: NamedProblem): string =>
  `${nameOf(machine, named)} has ${formatBytes(left)} left on its GPUs in sum and one replica needs ${formatBytes(needed)}, but no choice of GPUs has it together.`

function taken({ machine, needed, left, by }: Of<'taken'>, demand: number, named: NamedProblem): string {
  const { demands } = named.problem
  const own = demands[demand]!.priority
  const takers = by.map((one) => {
    const higher = demands[one]!.priority > own ? ' (of higher priority)' : ''
    return one === demand ? 'its own replicas' : `${named.names[one]}${higher}`
  })
  return `${nameOf(machine, named)} had room, and ${list(takers)} took it: ${formatBytes(left)} are left on its GPUs, one more replica needs ${formatBytes(needed)}.`
}

function held(constraint: Of<'held'>, named: NamedProblem): string {
  const { machine, used, reserved } = constraint
  const parts = [
    ...(reserved > 0 ? [`${formatBytes(reserved)} are reserved`] : []),
    ...(used > 0 ? [`${formatBytes(used)} are in use`] : []),
  ]
  const because = parts.length > 0 ? `: of its GPUs ${list(parts)}` : ''
  return `It would fit ${nameOf(machine, named)} if that were empty${because}. ${reasonsOf(constraint, named)}`.trim()
}

/** One is enough to see what lacks. */
function reasonsOf(
  { machine, reasons }: { readonly machine: MachineId; readonly reasons: readonly Reason[] },
  { problem }: NamedProblem,
): string {
  const on: Machine | undefined = problem.machines.find(({ id }) => id === machine)
  const [first] = reasons
  return first && on ? explainReason(first, on) : ''
}

/** Of one machine, and of several. */
const bindings = {
  fragmented: ['has enough in sum and nowhere together', 'have enough in sum and nowhere together'],
  taken: ['is taken by this packing', 'are taken by this packing'],
  held: ['is held by what runs or is reserved', 'are held by what runs or is reserved'],
  'too-large': ['is too small even when empty', 'are too small even when empty'],
  refused: ['cannot run it', 'cannot run it'],
} as const satisfies Record<BindingOfMachine, readonly [string, string]>

/** What binds on the other machines that may hold it. */
function others(machines: Unplaced['machines'], { code }: Constraint): readonly string[] {
  const rest = bindingsOfMachines
    .map((binding) => [binding, (machines[binding] ?? 0) - (binding === code ? 1 : 0)] as const)
    .filter(([, n]) => n > 0)
  if (rest.length === 0) return []
  const parts = rest.map(([binding, n]) => `${groupThousands(n)} ${bindings[binding][n === 1 ? 0 : 1]}`)
  return [`Of the other machines, ${list(parts)}.`]
}

function elsewhereSentence([first, ...more]: readonly MachineId[], named: NamedProblem): string {
  const also = more.length > 0 ? ` and ${count(more.length, 'other machine')}` : ''
  return `${nameOf(first!, named)}${also} would have room, but it may not run there.`
}

/** What a goal seeks, as the head of a row with its value. */
export function explainGoal(goal: PackGoal): string {
  switch (goal.kind) {
    case 'placed':
      return `Replicas placed, priority ${goal.priority}`
    case 'machines':
      return 'Machines used'
    case 'gpus':
      return 'GPUs used'
    case 'apart':
      return 'Replicas kept apart'
    case 'parts':
      return 'GPUs that replicas are split over'
    case 'load':
      return 'Fullest GPU, of what was free'
  }
}

/** Its value, or its bound. */
export const writeGoalValue = ({ kind }: PackGoal, value: number): string =>
  kind === 'load' ? `${(value * 100).toFixed(1)} %` : groupThousands(Math.round(value))
