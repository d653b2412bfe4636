import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { Queries } from '../db.ts'
import { ApiError, notFound } from '../errors.ts'
import { byRequest } from '../history/by.ts'
import { onMachines } from '../transaction.ts'
import { type Asking, check, explained, memoryOf, refuseConflicts, timesOf } from './check.ts'
import { recordReserved } from './history.ts'
import { createReservation, findHeld, type HeldMachine } from './repository.ts'
import { reliedOn } from './reserved-for.ts'
import type { StoredReservation } from './rows.ts'
import type { AskedReservation, dryRunOutput, writtenReservation } from './schema.ts'
import { toViews } from './view.ts'
import { type Pending, resolve, type Resolved, type Wanted } from './what.ts'
import { windowFrom } from './window.ts'

type WrittenView = z.output<typeof writtenReservation>
type DryRun = z.output<typeof dryRunOutput>

/** What is to be reserved, and for whom. */
interface ToReserve
  extends Wanted, Pick<AskedReservation, 'owner' | 'purpose' | 'startsAt' | 'endsAt' | 'inventoryIndex'> {}

/** Says what a reservation would take and meet; nothing is saved. */
export async function dryRun(
  ctx: Context,
  { what, ...asked }: AskedReservation,
  signal?: AbortSignal,
): Promise<DryRun> {
  const now = Date.now()
  const window = windowFrom(asked, now)
  return dryRunOf(ctx, await resolve(ctx, { what, window, signal }), { window, now })
}

/** What would be taken of a machine, and who stands in the way. */
export async function dryRunOf(
  ctx: Context,
  { held, result, modelName, engine }: Resolved,
  { window, now, own }: Pick<Asking, 'window' | 'now' | 'own'>,
): Promise<DryRun> {
  const db = ctx.services.database.client
  const { machine, index } = held
  const about = {
    machine: { id: machine.id, name: machine.name },
    ...{ model: modelName, engine, ...timesOf(window), inventoryIndex: index },
  }
  if (!result.ok) {
    const { explanation } = result
    return { ...about, allowed: false, memory: [], conflicts: [], fitsFrom: null, explanation, warnings: [] }
  }
  const { memory, warnings } = result.wanted
  const asking = { teamId: ctx.teamId, machine, memory, window, now, ...(own && { own }) }
  const checked = await check(db, asking)
  const allowed = checked.conflicts.length === 0
  return { ...about, allowed, memory: memoryOf(asking, checked), warnings, ...(await explained(db, asking, checked)) }
}

/**
 * Reserves all of them or none.
 *
 * @throws {ApiError} `reservation-conflict`, `stale-index`, `does-not-fit`, `not-found` or `invalid-input`.
 */
export async function createReservations(
  ctx: Context,
  {
    reservations,
    message,
  }: { readonly reservations: readonly AskedReservation[]; readonly message?: string | undefined },
  signal?: AbortSignal,
): Promise<readonly WrittenView[]> {
  const wanted: ToReserve[] = []
  const pending: Pending[] = []
  for (const { what, ...asked } of reservations) {
    const window = windowFrom(asked, Date.now())
    const { held, result } = await resolve(ctx, { what, window, pending, signal })
    if (!result.ok) throw doesNotFit(held, result.explanation)
    wanted.push({ ...asked, ...result.wanted })
    pending.push({ machineId: held.machine.id, memory: result.wanted.memory, window })
  }
  return reserveAll(ctx, wanted, message)
}

export const doesNotFit = ({ machine }: HeldMachine, explanation: readonly string[]): ApiError =>
  new ApiError('does-not-fit', explanation.join(' '), { data: { machine: machine.name, explanation } })

/** Everything that was worked out, within one transaction that holds all its machines. */
function reserveAll(ctx: Context, wanted: readonly ToReserve[], message?: string): Promise<readonly WrittenView[]> {
  const ids = wanted.map(({ machineId }) => machineId)
  return onMachines(ctx, ids, async (db) => {
    const now = Date.now()
    const stored: StoredReservation[] = []
    for (const one of wanted) {
      const reservation = await reserveOne(db, ctx.teamId, { ...one, now })
      await recordReserved(db, { teamId: ctx.teamId, by: byRequest(ctx, message) }, reservation)
      stored.push(reservation)
    }
    const views = await toViews(db, ctx.teamId, { reservations: stored, now })
    return views.map((view, at) => ({
      ...view,
      warnings: wanted[at]!.warnings,
      inventoryIndex: stored[at]!.inventoryIndex,
    }))
  })
}

async function reserveOne(
  db: Queries,
  teamId: string,
  { now, memory, inventoryIndex, ...wanted }: ToReserve & { readonly now: number },
): Promise<StoredReservation> {
  const held = await findHeld(db, teamId, wanted.machineId)
  if (held === undefined) throw notFound('machine', wanted.machineId)
  requireIndex(held, inventoryIndex)
  const window = windowFrom(wanted, now)
  const asking = { teamId, machine: held.machine, memory, window, now }
  const checked = await check(db, asking)
  await refuseConflicts(db, asking, checked)
  const reservedFor = reliedOn(wanted.reservedFor, held.machine, memory)
  return createReservation(db, { ...wanted, reservedFor, teamId, places: checked.places, window })
}

/** @throws {ApiError} `stale-index` */
export function requireIndex({ machine, index }: HeldMachine, given: string | undefined): void {
  if (given === undefined || given === index) return
  const message = `${machine.name}, or what is reserved on it, changed since it was looked at. Nothing was reserved.`
  throw new ApiError('stale-index', message, { data: { machineId: machine.id, given, current: index } })
}
