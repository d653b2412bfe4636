import type { MachineId } from '../../ids.ts'
import type { Machine } from '../../machine/machine.ts'
import { heldOnDevice } from '../../machine/memory-held.ts'
import { decide, refusalsOf } from '../../placement/decide.ts'
import type { AnyEngineId, Reason } from '../../placement/verdict.ts'
import { type Bytes, bytes, sumBytes } from '../../units.ts'
import { type Assigned, type Left, leftOn } from './assigned.ts'
import type { PlannedProblem } from './formulation.ts'
import { optionsOf, type PackOption } from './options.ts'
import { emptied, isAllowed, type PackDemand } from './problem.ts'
import type { PackMemo } from './template.ts'

/** What keeps one more replica off a machine. */
export type Constraint =
  /** Enough is left in sum, and nowhere together. */
  | { readonly code: 'fragmented'; readonly machine: MachineId; readonly needed: Bytes; readonly left: Bytes }
  /** It has room by what is free, and replicas of this packing took it. */
  | {
      readonly code: 'taken'
      readonly machine: MachineId
      readonly needed: Bytes
      readonly left: Bytes
      /** Positions of the demands whose replicas lie there; its own may be among them. */
      readonly by: readonly number[]
    }
  /** It has room only where nothing runs and nothing is promised. */
  | {
      readonly code: 'held'
      readonly machine: MachineId
      /** On all its GPUs together. */
      readonly used: Bytes
      readonly reserved: Bytes
      readonly reasons: readonly Reason[]
    }
  /** Not even then. */
  | { readonly code: 'too-large'; readonly machine: MachineId; readonly reasons: readonly Reason[] }
  | { readonly code: 'refused'; readonly machine: MachineId; readonly reasons: readonly Reason[] }
  | { readonly code: 'engine-places-itself'; readonly engine: AnyEngineId }
  | { readonly code: 'no-machine-allowed' }

/** What may bind on a machine, the nearest to room first. */
export const bindingsOfMachines = ['fragmented', 'taken', 'held', 'too-large', 'refused'] as const
export type BindingOfMachine = (typeof bindingsOfMachines)[number]
type OnMachine = Extract<Constraint, { readonly code: BindingOfMachine }>

export interface Unplaced {
  /** Position among the demands. */
  readonly demand: number
  readonly missing: number
  /** What binds where least is lacking. */
  readonly constraint: Constraint
  /** Machines that may hold it, by what binds there. */
  readonly machines: Readonly<Partial<Record<BindingOfMachine, number>>>
  /** Machines that it is kept from and that would have room by what is free now. */
  readonly elsewhere: readonly MachineId[]
}

/** Why replicas were left out, for every demand that is short of some. */
export function unplacedOf(
  problem: PlannedProblem,
  assigned: readonly Assigned[],
  memo: PackMemo = new Map(),
): readonly Unplaced[] {
  const left = problem.machines.map((machine, at) => leftOn(machine, problem.options[at]!))
  for (const one of assigned) left[one.machine]!.take(one)
  return problem.demands.flatMap(({ replicas }, demand) => {
    const missing = replicas - assigned.filter((one) => one.demand === demand).length
    return missing > 0 ? [{ demand, missing, ...why({ problem, assigned, left, demand, memo }) }] : []
  })
}

interface Asking {
  readonly problem: PlannedProblem
  readonly assigned: readonly Assigned[]
  readonly left: readonly Left[]
  readonly demand: number
  readonly memo: PackMemo
}

function why(asking: Asking): Pick<Unplaced, 'constraint' | 'machines' | 'elsewhere'> {
  const { problem, demand: at, memo } = asking
  const demand = problem.demands[at]!
  if (demand.engine.controls.placesItself) {
    return { constraint: { code: 'engine-places-itself', engine: demand.engine.id }, machines: {}, elsewhere: [] }
  }
  const positions = [...problem.machines.keys()]
  const allowed = positions.filter((machine) => isAllowed(demand, problem.machines[machine]!))
  const barred = positions.filter((machine) => !allowed.includes(machine)).map((machine) => problem.machines[machine]!)
  const elsewhere = barred
    .filter((machine) => optionsOf({ demand, machine, memo }).options.length > 0)
    .map(({ id }) => id)
  const found = allowed.map((machine) => constraintOn(asking, machine))
  const [nearest] = found.toSorted(
    (one, other) =>
      bindingsOfMachines.indexOf(one.code) - bindingsOfMachines.indexOf(other.code) || lackOf(one) - lackOf(other),
  )
  const machines: Partial<Record<BindingOfMachine, number>> = {}
  for (const { code } of found) machines[code] = (machines[code] ?? 0) + 1
  return { constraint: nearest ?? { code: 'no-machine-allowed' }, machines, elsewhere }
}

const lackOf = (constraint: OnMachine): number =>
  'needed' in constraint
    ? constraint.needed - constraint.left
    : constraint.reasons.reduce((sum, reason) => sum + shortOf(reason), 0)

function shortOf(reason: Reason): number {
  if (!('capacity' in reason)) return 0
  return reason.requested + reason.used + (reason.reserved ?? 0) + reason.margin - reason.capacity
}

function constraintOn({ problem, assigned, left, demand }: Asking, at: number): OnMachine {
  const machine = problem.machines[at]!
  const { id } = machine
  const { options, margins } = problem.options[at]![demand]!
  const [smallest] = options.toSorted((one, other) => needOf(one) - needOf(other))
  if (smallest) {
    const needed = bytes(needOf(smallest))
    const onDevices = left[at]!.free.devices.map((free, device) => bytes(Math.max(0, free - margins.devices[device]!)))
    const inSum = sumBytes(onDevices)
    if (inSum >= needed) return { code: 'fragmented', machine: id, needed, left: inSum }
    const by = new Set(assigned.filter((one) => one.machine === at).map((one) => one.demand))
    return { code: 'taken', machine: id, needed, left: inSum, by: [...by] }
  }
  return withoutOptions(problem.demands[demand]!, machine)
}

function withoutOptions({ model, engine, request, mayRelyOnHost }: PackDemand, machine: Machine): OnMachine {
  const { id } = machine
  const asked = { model, engine, request, machine }
  const refusals = refusalsOf(asked)
  if (refusals.length > 0) return { code: 'refused', machine: id, reasons: refusals }
  const thoroughness = { compare: 'answer', mayRelyOnHost } as const
  const empty = decide({ ...asked, machine: emptied(machine) }, thoroughness)
  if (!empty.fits) {
    const isMemory = empty.reasons.some((reason) => 'capacity' in reason)
    return { code: isMemory ? 'too-large' : 'refused', machine: id, reasons: empty.reasons }
  }
  const now = decide(asked, thoroughness)
  const held = machine.devices.map(heldOnDevice)
  return {
    ...{ code: 'held', machine: id, reasons: now.fits ? [] : now.reasons },
    used: sumBytes(held.map(({ used }) => used)),
    reserved: sumBytes(held.flatMap(({ reserved }) => reserved ?? [])),
  }
}

const needOf = ({ seats }: PackOption): number =>
  seats.reduce((sum, { bytes: need, positions }) => sum + need * positions.length, 0)
