import { filterMachines, type Labels, MAX_LABELS } from '@berth/core'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { Queries } from '../db.ts'
import { ApiError, notFound } from '../errors.ts'
import { byRequest } from '../history/by.ts'
import { requireUnused } from '../plan/in-use.ts'
import { removePlansOn } from '../plan/repository.ts'
import { requireUnreserved } from '../reservation/in-use.ts'
import { holdMachines } from '../reserved-memory/repository.ts'
import { inTransaction } from '../transaction.ts'
import { withoutUndefined } from '../without-undefined.ts'
import {
  MAX_BULK,
  type removeManyInput,
  type removeManyOutput,
  type updateManyInput,
  type updateManyOutput,
} from './bulk-schema.ts'
import { toFilter } from './filter-schema.ts'
import { everyMachine, type MachineChange, removeMachine, updateMachine } from './repository.ts'
import type { MachineView } from './schema.ts'

type Changes = Omit<z.output<typeof updateManyInput>, 'ids' | 'filter' | 'expectedCount' | 'message'>

/**
 * The same change on many machines, or on none; one that is so already is left alone.
 *
 * @throws {ApiError} `not-found`, `conflict` when the filter finds another number than was seen, `limit-exceeded`.
 */
export function updateMany(
  ctx: Context,
  { ids, filter, expectedCount, message, ...changes }: z.output<typeof updateManyInput>,
): Promise<z.output<typeof updateManyOutput>> {
  return inTransaction(ctx, async (db) => {
    const machines = await selected(db, ctx.teamId, { ids, filter, expectedCount })
    const changed = machines
      .map((machine) => ({ id: machine.id, change: changeOf(machine, changes) }))
      .filter(({ change }) => Object.keys(change).length > 0)
    const owner = { teamId: ctx.teamId, by: byRequest(ctx, message) }
    await holdMachines(
      db,
      ctx.teamId,
      changed.map(({ id }) => id),
    )
    for (const { id, change } of changed) await updateMachine(db, { ...owner, id }, change)
    return { ids: changed.map(({ id }) => id), unchanged: machines.length - changed.length }
  })
}

/** Removes many machines, or none. */
export function removeMany(
  ctx: Context,
  { withPlans, message, ...selection }: z.output<typeof removeManyInput>,
): Promise<z.output<typeof removeManyOutput>> {
  return inTransaction(ctx, async (db) => {
    const ids = (await selected(db, ctx.teamId, selection)).map(({ id }) => id)
    await holdMachines(db, ctx.teamId, ids)
    await requireUnreserved(db, ctx.teamId, ids)
    const plans = { machineIds: ids }
    if (!withPlans) await requireUnused(db, ctx.teamId, plans)
    const removedPlans = withPlans ? await removePlansOn(db, ctx.teamId, plans) : 0
    const owner = { teamId: ctx.teamId, by: byRequest(ctx, message) }
    for (const id of ids) await removeMachine(db, { ...owner, id })
    return { ids, removedPlans }
  })
}

type Selection = Pick<z.output<typeof updateManyInput>, 'ids' | 'filter' | 'expectedCount'>

async function selected(
  db: Queries,
  teamId: string,
  { ids, filter, expectedCount }: Selection,
): Promise<readonly MachineView[]> {
  const machines = await everyMachine(db, teamId)
  if (ids !== undefined) {
    const known = new Map(machines.map((machine) => [machine.id, machine]))
    return [...new Set(ids)].map((id) => {
      const machine = known.get(id)
      if (machine === undefined) throw notFound('machine', id)
      return machine
    })
  }
  const found = filterMachines(machines, toFilter(filter ?? {}))
  if (found.length > MAX_BULK) {
    throw new ApiError(
      'limit-exceeded',
      `One call changes ${MAX_BULK} machines at most; the filter finds ${found.length}.`,
      {
        data: { field: 'filter', limit: MAX_BULK },
      },
    )
  }
  if (found.length !== expectedCount) {
    throw new ApiError(
      'conflict',
      `The filter finds ${found.length} machines, and not ${expectedCount}. None was changed.`,
      {
        data: { expected: expectedCount, found: found.length },
      },
    )
  }
  return found
}

/** What of the changes is not so already. */
function changeOf(machine: MachineView, { site, owner, maintenance, note, ...labelled }: Changes): MachineChange {
  const labels = labelsAfter(machine, labelled)
  const resting = machine.maintenance !== null
  const annotated = note !== undefined && note !== machine.maintenance?.note
  const differs = maintenance !== undefined && (maintenance !== resting || annotated)
  return withoutUndefined({
    site: site === machine.site ? undefined : site,
    owner: owner === machine.owner ? undefined : owner,
    labels: isSame(labels, machine.labels) ? undefined : labels,
    ...(differs && { maintenance, note }),
  })
}

type Labelled = Pick<Changes, 'addLabels' | 'removeLabels'>

/** @throws {ApiError} `limit-exceeded`, naming the machine that would have too many. */
function labelsAfter({ name, labels }: MachineView, { addLabels = {}, removeLabels = [] }: Labelled): Labels {
  const kept = Object.entries(labels).filter(([key]) => !removeLabels.includes(key))
  const after = { ...Object.fromEntries(kept), ...addLabels }
  const count = Object.keys(after).length
  if (count <= MAX_LABELS) return after
  throw new ApiError('limit-exceeded', `${name} would have ${count} labels; ${MAX_LABELS} are the most.`, {
    data: { field: 'addLabels', limit: MAX_LABELS },
  })
}

const isSame = (a: Labels, b: Labels): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value)
