import {
  comparePlaces,
  facetCounts,
  filterMachines,
  isEmptyFilter,
  type MachineFilter,
  type MachineSort,
  placeOf,
  sortMachines,
  type SortPlace,
  writeSort,
} from '@berth/core'
import { type ExportedMachine, writeMachines, writeMachinesCsv } from '@berth/inventory'
import { z } from 'zod'
import type { Queries } from '../db.ts'
import { ApiError } from '../errors.ts'
import type { exportInput, facetsInput, facetsOutput, listMachinesInput } from './filter-schema.ts'
import { toFilter, toSort } from './filter-schema.ts'
import { everyMachine, knownMachines, listMachines } from './repository.ts'
import type { MachineView } from './schema.ts'

interface MachinePage {
  readonly items: readonly MachineView[]
  readonly nextCursor: string | null
}

/** One page of the machines that pass, in the order that is asked for, or else of their making. */
export async function listFleet(
  db: Queries,
  teamId: string,
  { limit, cursor, sort, ...parameters }: z.output<typeof listMachinesInput>,
): Promise<MachinePage> {
  const filter = toFilter(parameters)
  const order = toSort(sort)
  if (order !== undefined) return sortedPage(await matching(db, teamId, filter), order, { limit, cursor })
  // What is sent on to the database must be an id.
  if (cursor !== undefined && cursor.length > MAX_ID) throw badCursor()
  if (isEmptyFilter(filter)) return listMachines(db, teamId, { limit, cursor })
  const after = (await matching(db, teamId, filter)).filter(({ id }) => cursor === undefined || id > cursor)
  return pageOf(after, limit, ({ id }) => id)
}

const MAX_ID = 64

const matching = async (db: Queries, teamId: string, filter: MachineFilter): Promise<readonly MachineView[]> =>
  filterMachines(await everyMachine(db, teamId), filter)

const pageOf = (
  items: readonly MachineView[],
  limit: number,
  cursorOf: (machine: MachineView) => string,
): MachinePage => {
  const page = items.slice(0, limit)
  const last = page.at(-1)
  return { items: page, nextCursor: items.length > limit && last !== undefined ? cursorOf(last) : null }
}

/** Goes on behind the place of the last machine, whatever became of that machine since. */
function sortedPage(
  machines: readonly MachineView[],
  sort: MachineSort,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
): MachinePage {
  const last = cursor === undefined ? undefined : readCursor(cursor, sort)
  const compare = comparePlaces(sort)
  const after = sortMachines(machines, sort).filter(
    (machine) => last === undefined || compare(placeOf(machine, sort), last) > 0,
  )
  return pageOf(after, limit, (machine) => writeCursor(placeOf(machine, sort), sort))
}

const writeCursor = ({ key, name, id }: SortPlace, sort: MachineSort): string =>
  Buffer.from(JSON.stringify([writeSort(sort), key, name, id])).toString('base64url')

const cursorSchema = z.tuple([z.string(), z.union([z.string(), z.number(), z.null()]), z.string(), z.string()])

function readCursor(cursor: string, sort: MachineSort): SortPlace {
  const read = cursorSchema.safeParse(parsed(Buffer.from(cursor, 'base64url').toString()))
  if (!read.success || read.data[0] !== writeSort(sort)) throw badCursor()
  const [, key, name, id] = read.data
  return { key, name, id }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function badCursor(): ApiError {
  const message = 'must be the `nextCursor` of the page before, under the same sort'
  return new ApiError('invalid-input', `cursor: ${message}`, { fields: [{ path: 'cursor', message }] })
}

/** What there is to choose from, beside the filter as it is. */
export async function fleetFacets(
  db: Queries,
  teamId: string,
  input: z.output<typeof facetsInput>,
): Promise<z.output<typeof facetsOutput>> {
  const filter = toFilter(input)
  const machines = await everyMachine(db, teamId)
  return {
    machines: machines.length,
    matching: filterMachines(machines, filter).length,
    ...facetCounts(machines, filter),
  }
}

/**
 * Machines as their tools printed them and people said, in a form that an import takes again; by their names, so that
 * two exports of the same machines are the same text.
 */
export async function exportFleet(
  db: Queries,
  teamId: string,
  { format, id: ids, ...parameters }: z.output<typeof exportInput>,
): Promise<string> {
  const chosen = (await matching(db, teamId, toFilter(parameters))).filter(({ id }) => ids?.includes(id) ?? true)
  const known = new Map((await knownMachines(db, teamId)).map((one) => [one.machine.id, one]))
  const exported = sortMachines(chosen, { by: 'name', descending: false }).flatMap(({ id }): ExportedMachine[] => {
    const one = known.get(id)
    return one === undefined ? [] : [{ ...one.machine, ...one.standing }]
  })
  return format === 'csv' ? writeMachinesCsv(exported) : writeMachines(exported)
}
