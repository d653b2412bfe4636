import {
  type Claim,
  type ClaimsByPlace,
  countedPlaces,
  instant,
  keyOf,
  type PlaceBytes,
  reservationId,
  type TimeWindow,
  withReserved,
} from '@berth/core'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { findPlan } from '../plan/repository.ts'
import { withTeamMargin } from '../plan/team-margin.ts'
import { loadModel } from '../plan/load-model.ts'
import { claimsOn } from '../reserved-memory/repository.ts'
import { judgeForReservation } from './judged.ts'
import { findReservable, type HeldMachine } from './repository.ts'
import { GIVEN, type ReservedFor } from './reserved-for.ts'
import type { ReservedWhat } from './schema.ts'

/** What is to be reserved, worked out; it is not looked at yet whether it is free. */
export interface Wanted {
  readonly machineId: string
  readonly memory: readonly PlaceBytes[]
  readonly reservedFor: ReservedFor
  readonly planId: string | null
  readonly warnings: readonly string[]
}

export interface Resolved {
  /** As it was when it was judged. */
  readonly held: HeldMachine
  readonly modelName: string | null
  readonly engine: string | null
  readonly result:
    | { readonly ok: true; readonly wanted: Wanted }
    | { readonly ok: false; readonly explanation: readonly string[] }
}

/** What others of the same call are going to have of a machine. */
export interface Pending {
  readonly machineId: string
  readonly memory: readonly PlaceBytes[]
  readonly window: TimeWindow
}

export interface Resolving {
  readonly what: ReservedWhat
  readonly window: TimeWindow
  readonly pending?: readonly Pending[]
  readonly signal?: AbortSignal | undefined
}

/** @throws {ApiError} `not-found` for a plan, model or machine that is not there. */
export async function resolve(ctx: Context, { what, window, pending = [], signal }: Resolving): Promise<Resolved> {
  const { teamId, services } = ctx
  const db = services.database.client
  const { inputs, machineId, planId } = await inputsOf(ctx, what)
  const held = await findReservable(db, teamId, machineId)
  if (held === undefined) throw notFound('machine', machineId)
  const warnings = warningsOf(held)
  if (what.kind === 'memory' || inputs === null) {
    const memory = what.kind === 'memory' ? what.memory : []
    const wanted = { machineId, memory, reservedFor: GIVEN, planId: null, warnings }
    return { held, modelName: null, engine: null, result: { ok: true, wanted } }
  }
  const { name: modelName } = await loadModel(db, teamId, inputs.model)
  const claims =
    (await claimsOn(db, teamId, { ids: [machineId], now: Date.now() })).get(machineId) ??
    new Map<string, readonly Claim[]>()
  const on = { bare: held.machine, reserved: inWindow(held, withPending(claims, held, pending), window) }
  const judged = await judgeForReservation(ctx, { inputs, on }, signal)
  const named = { held, modelName, engine: inputs.engine }
  if (!judged.fits) return { ...named, result: { ok: false, explanation: judged.explanation } }
  const reservedFor = { inputs, modelName, split: judged.placement.split }
  const wanted = { machineId, memory: judged.memory, reservedFor, planId, warnings: [...warnings, ...judged.warnings] }
  return { ...named, result: { ok: true, wanted } }
}

interface InputsAndPlace {
  readonly inputs: ReservedFor['inputs']
  readonly machineId: string
  readonly planId: string | null
}

async function inputsOf(ctx: Context, what: ReservedWhat): Promise<InputsAndPlace> {
  if (what.kind === 'memory') return { inputs: null, machineId: what.machineId, planId: null }
  if (what.kind === 'inputs') {
    const { kind: _, machineId, ...inputs } = (await withTeamMargin(ctx))(what)
    return { inputs, machineId, planId: null }
  }
  const plan = await findPlan(ctx.services.database.client, ctx.teamId, what.planId)
  if (plan === undefined) throw notFound('plan', what.planId)
  const { model, engine, engineVersion, request, preference, other, split, machineId } = plan
  return { inputs: { model, engine, engineVersion, request, preference, other, split }, machineId, planId: plan.id }
}

function warningsOf({ machine }: HeldMachine): readonly string[] {
  if (machine.maintenance === null) return []
  const { note } = machine.maintenance
  return [`${machine.name} is in maintenance${note === null ? '' : `: ${note}`}.`]
}

/** The machine as the window finds it: with the most that is reserved in one moment of that. */
function inWindow({ machine }: HeldMachine, claims: ClaimsByPlace, window: TimeWindow): HeldMachine['machine'] {
  const readAt = machine.readAt === null ? null : instant(Date.parse(machine.readAt))
  return { ...machine, ...withReserved(machine, claims, { window, readAt }) }
}

function withPending(claims: ClaimsByPlace, { machine }: HeldMachine, pending: readonly Pending[]): ClaimsByPlace {
  const all = new Map<string, readonly Claim[]>(claims)
  for (const { memory, window } of pending.filter(({ machineId }) => machineId === machine.id)) {
    const counted = countedPlaces(machine, memory)
    for (const { place, bytes } of counted.ok ? counted.value : []) {
      const claim = { reservation: reservationId(''), bytes, window }
      all.set(keyOf(place), [...(all.get(keyOf(place)) ?? []), claim])
    }
  }
  return all
}
