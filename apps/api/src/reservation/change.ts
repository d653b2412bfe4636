import { isLive, machineId, type TimeWindow } from '@berth/core'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { Queries } from '../db.ts'
import { ApiError, notFound } from '../errors.ts'
import { byRequest } from '../history/by.ts'
import { onMachines } from '../transaction.ts'
import { check, refuseConflicts } from './check.ts'
import { doesNotFit, dryRunOf, requireIndex } from './create.ts'
import { recordChanged, recordReleased } from './history.ts'
import { endAt, findHeld, findReservable, findReservation, placeAnew, release } from './repository.ts'
import { reliedOn } from './reserved-for.ts'
import type { StoredReservation } from './rows.ts'
import type {
  dryRunOutput,
  extendReservationInput,
  moveReservationInput,
  releaseReservationInput,
  writtenReservation,
} from './schema.ts'
import { stateAt, toViews } from './view.ts'
import { type Resolved, resolve } from './what.ts'
import { endFrom, invalid, windowFrom } from './window.ts'

type WrittenView = z.output<typeof writtenReservation>
type Extend = z.output<typeof extendReservationInput>
type Move = z.output<typeof moveReservationInput>
type Release = z.output<typeof releaseReservationInput>

/** Another end. One that is earlier is always granted, whatever became of the machine since. */
export const extend = (ctx: Context, { endsAt, ...change }: Extend): Promise<WrittenView> =>
  changing(ctx, { ...change, machineIds: [] }, async (db, before, now) => {
    requireLive(before, now)
    const { start, end } = before.window
    const window = { start, end: endFrom(endsAt, Math.max(start, now)) }
    const isLater = end !== null && (window.end === null || window.end > end)
    if (isLater) {
      const { machine } = (await findHeld(db, ctx.teamId, before.machine.id))!
      const own = { own: before.id, held: before.window }
      const asking = { teamId: ctx.teamId, machine, memory: before.memory, window, now, ...own }
      await refuseConflicts(db, asking, await check(db, asking))
    }
    const after = await endAt(db, { teamId: ctx.teamId, id: before.id }, window)
    await recordChanged(db, { teamId: ctx.teamId, by: byRequest(ctx, change.message) }, [before, after])
    return { after, warnings: [] }
  })

/** What a move would come to; nothing is saved. */
export async function dryRunMove(
  ctx: Context,
  input: Move,
  signal?: AbortSignal,
): Promise<z.output<typeof dryRunOutput>> {
  const found = await reservationOf(ctx, input.id)
  const now = Date.now()
  requireLive(found, now)
  const resolved = await resolveMove(ctx, { found, input }, signal)
  return dryRunOf(ctx, resolved, { window: movedWindow(found, input, now), now, own: found.id })
}

/** Other places, another machine or another window, all at once. What is active begins anew by it. */
export async function move(ctx: Context, input: Move, signal?: AbortSignal): Promise<WrittenView> {
  const { id, inventoryIndex, revision, message } = input
  const { teamId } = ctx
  const { held: looked, result } = await resolveMove(ctx, { found: await reservationOf(ctx, id), input }, signal)
  if (!result.ok) throw doesNotFit(looked, result.explanation)
  const { wanted } = result
  const target = looked.machine.id
  return changing(ctx, { id, revision, message, machineIds: [target] }, async (db, before, now) => {
    requireLive(before, now)
    const held = await findHeld(db, teamId, target)
    if (held === undefined) throw notFound('machine', target)
    requireIndex(held, inventoryIndex)
    if (wanted === undefined && before.machine.id !== target) throw changedMeanwhile(before, revision)
    const { memory, reservedFor, warnings } = wanted ?? { ...before, warnings: [] }
    const window = movedWindow(before, input, now)
    const asking = { teamId, machine: held.machine, memory, window, now, own: before.id }
    const checked = await check(db, asking)
    await refuseConflicts(db, asking, checked)
    const relied = reliedOn(reservedFor, held.machine, memory)
    const placing = { machineId: target, places: checked.places, window, reservedFor: relied }
    const after = await placeAnew(db, { teamId, id }, placing)
    await recordChanged(db, { teamId, by: byRequest(ctx, message) }, [before, after])
    return { after, warnings }
  })
}

function movedWindow({ window }: StoredReservation, { startsAt, endsAt }: Move, now: number): TimeWindow {
  const { start, end } = window
  return windowFrom(
    {
      startsAt: startsAt ?? new Date(start).toISOString(),
      endsAt: endsAt === undefined ? end && new Date(end).toISOString() : endsAt,
    },
    now,
  )
}

interface Moving {
  readonly found: StoredReservation
  readonly input: Move
}

/** Places as they are given, as they are, or what the model takes of another machine. */
async function resolveMove(ctx: Context, { found, input }: Moving, signal?: AbortSignal): Promise<Resolved> {
  const { reservedFor, machine, planId } = found
  const target = input.machineId ?? machine.id
  const memory = input.memory ?? (target === machine.id ? found.memory : undefined)
  if (memory === undefined && reservedFor.inputs !== null) {
    // A split made by hand names devices of the machine that it leaves.
    const { split: _, ...inputs } = reservedFor.inputs
    const what = { kind: 'inputs', ...inputs, machineId: machineId(target) } as const
    return resolve(ctx, { what, window: movedWindow(found, input, Date.now()), signal })
  }
  if (memory === undefined) throw invalid('memory', 'must name the places on the other machine')
  const held = await findReservable(ctx.services.database.client, ctx.teamId, target)
  if (held === undefined) throw notFound('machine', target)
  const kept = input.memory === undefined ? reservedFor : { ...reservedFor, split: null }
  const wanted = { machineId: target, memory, reservedFor: kept, planId, warnings: [] }
  const { modelName, inputs } = reservedFor
  return { held, modelName, engine: inputs?.engine ?? null, result: { ok: true, wanted } }
}

async function reservationOf({ services, teamId }: Context, id: string): Promise<StoredReservation> {
  const found = await findReservation(services.database.client, teamId, id)
  if (found === undefined) throw notFound('reservation', id)
  return found
}

/** Gives it back now; one that is over stays as it is. */
export const releaseReservation = (ctx: Context, change: Release): Promise<WrittenView> =>
  changing(ctx, { ...change, machineIds: [] }, async (db, before, now) => {
    if (!isLive(stateAt(before, now))) return { after: before, warnings: [] }
    const after = await release(db, { teamId: ctx.teamId, id: before.id }, new Date(now))
    await recordReleased(db, { teamId: ctx.teamId, by: byRequest(ctx, change.message) }, before)
    return { after, warnings: [] }
  })

interface Changing extends Release {
  /** Others than its own that are written. */
  readonly machineIds: readonly string[]
}

type Work = (
  db: Queries,
  before: StoredReservation,
  now: number,
) => Promise<{ readonly after: StoredReservation; readonly warnings: readonly string[] }>

/** Holds its machine, and reads it again behind that: it may have been moved or changed since it was found. */
async function changing(ctx: Context, { id, revision, machineIds }: Changing, work: Work): Promise<WrittenView> {
  const { teamId } = ctx
  const found = await reservationOf(ctx, id)
  return onMachines(ctx, [found.machine.id, ...machineIds], async (db) => {
    const before = await findReservation(db, teamId, id)
    if (before === undefined) throw notFound('reservation', id)
    if (before.machine.id !== found.machine.id || (revision !== undefined && revision !== before.revision)) {
      throw changedMeanwhile(before, revision)
    }
    const now = Date.now()
    const { after, warnings } = await work(db, before, now)
    const [view] = await toViews(db, teamId, { reservations: [after], now })
    return { ...view!, warnings, inventoryIndex: after.inventoryIndex }
  })
}

const changedMeanwhile = ({ id, purpose, revision }: StoredReservation, given: number | undefined): ApiError =>
  new ApiError('conflict', `${purpose} was changed since it was read. Nothing was saved.`, {
    data: { id, given: given ?? null, current: revision },
  })

/** @throws {ApiError} `reservation-over` */
function requireLive(reservation: StoredReservation, now: number): void {
  const state = stateAt(reservation, now)
  if (isLive(state)) return
  const { id, purpose } = reservation
  throw new ApiError('reservation-over', `${purpose} is ${state}: reserve anew.`, { data: { id, state } })
}
