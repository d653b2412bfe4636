import type { Device, DeviceId, Machine, MachineOverrides, Standing } from '@berth/core'
import type { Queries } from '../db.ts'
import type { Prisma } from '../generated/sqlite/client.ts'
import type { By } from '../history/by.ts'
import { labelOf, ofCreation, ofDropped, ofImport, ofRemoval, ofSaid } from '../history/differences.ts'
import { recordChange } from '../history/repository.ts'
import type { Difference } from '../history/schema.ts'
import { newId } from '../ids.ts'
import { afterCursor, mapPage, type Page, type PageAsked, pageOf } from '../page.ts'
import { namedOnce } from '../name-taken.ts'
import type { Overridable } from '../override/set-overrides.ts'
import { holdMachines, keepReservable, withReservations } from '../reserved-memory/repository.ts'
import { withoutUndefined } from '../without-undefined.ts'
import type { KnownMachine } from './match.ts'
import {
  deviceColumns,
  machineColumns,
  type MachineRows,
  saidOf,
  type StandingChange,
  standingColumns,
  toMachine,
  toMissing,
  toOverrides,
  toRead,
  toStanding,
  toView,
} from './rows.ts'
import type { MachineView } from './schema.ts'

const withDevices = { devices: { orderBy: { position: 'asc' } } } as const

/** What a machine was read from, and when. */
export interface SourceText {
  readonly rawText: string
  readonly readAt: Date
  /** How often its collector says that it reports; left out, what was said before stays. */
  readonly reportSeconds?: number | null
}

/** A machine to be written: what is there, and what is known but missing. */
export interface MachineRecord {
  readonly machine: Machine
  readonly missing: readonly Device[]
  readonly text: SourceText
  /** What the text says of it beside its figures. */
  readonly standing: Standing
  /** Whether it is a change of the machine, or only of what others hold of its memory. */
  readonly counts: boolean
  /** What it changes, for the history. */
  readonly differences: readonly Difference[]
  readonly action: 'imported' | 'reported'
}

/** A machine of a team that is to be written, and who writes it. */
export interface Target {
  readonly teamId: string
  readonly id: string
  readonly by: By
}

/** A machine's parts are found by two keys of each, and SQLite takes 999 parameters in a statement. */
const READ_AT_ONCE = 250

/** In the order of their making, a part after the other. */
async function readMachines(
  db: Queries,
  where: Prisma.MachineWhereInput,
  limit = Number.POSITIVE_INFINITY,
): Promise<readonly MachineRows[]> {
  const rows: MachineRows[] = []
  for (;;) {
    const last = rows.at(-1)
    const take = Math.min(READ_AT_ONCE, limit - rows.length)
    const next = await db.machine.findMany({
      where: { AND: [where, afterCursor(last?.id)] },
      orderBy: { id: 'asc' },
      include: withDevices,
      take,
    })
    rows.push(...next)
    if (next.length < take || rows.length >= limit) return rows
  }
}

/** In the order of their making. */
export async function listMachines(
  db: Queries,
  teamId: string,
  { limit, cursor }: PageAsked,
): Promise<Page<MachineView>> {
  const rows = await readMachines(db, { teamId, ...afterCursor(cursor) }, limit + 1)
  const { items, nextCursor } = mapPage(pageOf(rows, limit), toView)
  return { items: [...(await withReservations(db, teamId, items))], nextCursor }
}

/** The machines of these ids, or all that are not in maintenance; at most `limit` of them. */
export async function findMachines(
  db: Queries,
  teamId: string,
  { ids, limit }: { readonly ids?: readonly string[] | undefined; readonly limit: number },
): Promise<readonly MachineView[]> {
  const where = { teamId, ...(ids === undefined ? { maintenanceSince: null } : { id: { in: [...ids] } }) }
  const rows = await readMachines(db, where, limit)
  return withReservations(db, teamId, rows.map(toView))
}

/** Every machine of the team, in the order of their making. */
export async function everyMachine(db: Queries, teamId: string): Promise<readonly MachineView[]> {
  const rows = await readMachines(db, { teamId })
  return withReservations(db, teamId, rows.map(toView))
}

/** Every machine of the team as an import compares with it: as its tools printed it, and no more. */
export async function knownMachines(db: Queries, teamId: string): Promise<readonly KnownMachine[]> {
  const rows = await readMachines(db, { teamId })
  return rows.map(toKnown)
}

const toKnown = (row: MachineRows): KnownMachine => ({
  machine: toMachine(row),
  standing: toStanding(row),
  missing: toMissing(row),
})

export async function findMachine(
  db: Queries,
  teamId: string,
  id: string,
): Promise<(MachineView & { readonly rawText: string }) | undefined> {
  const row = await db.machine.findUnique({ where: { teamId_id: { teamId, id } }, include: withDevices })
  if (row === null) return undefined
  const [machine] = await withReservations(db, teamId, [toView(row)])
  return { ...machine!, rawText: row.rawText }
}

/** A machine to be saved, as it was read and as people said. */
export interface NewMachine {
  readonly machine: Machine
  /** Absent for one that was only said to be there. */
  readonly text?: SourceText
  readonly sample?: boolean
  readonly standing?: Standing | undefined
  /** Where it comes from, for the history: import, catalogue … */
  readonly from: string
  readonly overrides?: MachineOverrides
}

/** As it was read, with and without what the catalogue adds, and what people have said and set against that. */
export async function findKnown(
  db: Queries,
  teamId: string,
  id: string,
): Promise<(KnownMachine & Overridable) | undefined> {
  const row = await db.machine.findUnique({ where: { teamId_id: { teamId, id } }, include: withDevices })
  return row === null ? undefined : { ...toKnown(row), read: toRead(row), overrides: toOverrides(row) }
}

/** Saves under an id of its own; the machine's is of where it was read. */
export async function createMachine(
  db: Queries,
  { teamId, by }: Pick<Target, 'teamId' | 'by'>,
  { machine, text, sample = false, standing = {}, from, overrides }: NewMachine,
): Promise<MachineView> {
  const setOn = (device: Device) => ({ overrides: JSON.stringify(overrides?.devices.get(device.id) ?? []) })
  const row = await db.machine.create({
    data: {
      teamId,
      id: newId(),
      name: machine.name,
      ...(text === undefined ? { rawText: '' } : text),
      sample,
      ...standingColumns(standing),
      overrides: JSON.stringify(overrides?.machine ?? []),
      ...machineColumns(machine),
      devices: { create: machine.devices.map((device) => ({ ...deviceColumns(device, null), ...setOn(device) })) },
    },
    include: withDevices,
  })
  await keepReservable(db, row)
  await recordChange(db, { teamId, machine: row, action: 'created', differences: ofCreation(machine, from), by })
  return toView(row)
}

/**
 * What was read becomes as given; the name and what people have said of the machine stay. A device that goes missing is
 * marked with the time.
 */
export async function replaceMachine(
  db: Queries,
  { teamId, id, by }: Target,
  { machine, missing, text, standing, counts, differences, action }: MachineRecord,
): Promise<MachineView> {
  const where = { teamId_id: { teamId, id } }
  await holdMachines(db, teamId, [id])
  const known = await db.machine.findUniqueOrThrow({ where, include: withDevices })
  const before = new Map(known.devices.map((device) => [device.id, device]))
  const now = new Date()
  await db.device.deleteMany({ where: { teamId, machineId: id } })
  const row = await db.machine.update({
    where,
    data: {
      ...machineColumns(machine),
      ...standingColumns(standing),
      ...text,
      ...(counts ? { revision: { increment: 1 } } : { updatedAt: known.updatedAt }),
      devices: {
        create: [
          ...machine.devices.map((device) => ({ ...deviceColumns(device, null), ...saidOf(before.get(device.id)) })),
          ...missing.map((device) => {
            const old = before.get(device.id)
            return { ...deviceColumns(device, old?.missingSince ?? now), ...saidOf(old) }
          }),
        ],
      },
    },
    include: withDevices,
  })
  await keepReservable(db, row)
  const [was, is] = [toView(known), toView(row)]
  const kept = new Set(row.devices.map((device) => device.id))
  const dropped = ofDropped(was, toOverrides(known), kept)
  const told = [...ofImport(differences, was.devices, is.devices), ...dropped]
  await recordChange(db, { teamId, machine: row, action, differences: told, by })
  return (await withReservations(db, teamId, [is]))[0]!
}

/** It was read again and is as it was. */
export async function markRead(
  db: Queries,
  { teamId, id }: { readonly teamId: string; readonly id: string },
  { readAt, reportSeconds }: SourceText,
): Promise<void> {
  const where = { teamId_id: { teamId, id } }
  // Prisma would set the time of a change, and this is none.
  const { updatedAt } = await db.machine.findUniqueOrThrow({ where, select: { updatedAt: true } })
  await db.machine.update({ where, data: { readAt, ...withoutUndefined({ reportSeconds }), updatedAt } })
}

/** What of a machine is not read but said; what is left out stays. */
export interface MachineChange extends StandingChange {
  readonly name?: string | undefined
  /** A time it is in maintenance already stays the time since when. */
  readonly maintenance?: boolean | undefined
  readonly note?: string | null | undefined
}

/** @throws {ApiError} `name-taken` when another machine of the team has the name. */
export async function updateMachine(
  db: Queries,
  { teamId, id, by }: Target,
  { name, maintenance, note, ...standing }: MachineChange,
): Promise<boolean> {
  const where = { teamId_id: { teamId, id } }
  const before = await db.machine.findUnique({ where })
  if (before === null) return false
  const data = {
    ...withoutUndefined({ name, maintenanceNote: note }),
    ...standingColumns(standing),
    ...(maintenance === true && { maintenanceSince: before.maintenanceSince ?? new Date() }),
    ...(maintenance === false && { maintenanceSince: null, maintenanceNote: null }),
    revision: { increment: 1 },
  }
  const after = await namedOnce('machine', name ?? before.name, () => db.machine.update({ where, data }))
  await recordChange(db, { teamId, machine: after, action: 'updated', differences: ofSaid(before, after), by })
  return true
}

/** Its devices go with it; its plans must be gone. */
export async function removeMachine(db: Queries, { teamId, id, by }: Target): Promise<boolean> {
  const row = await db.machine.findUnique({ where: { teamId_id: { teamId, id } }, include: withDevices })
  if (row === null) return false
  await db.machine.deleteMany({ where: { teamId, id } })
  await recordChange(db, { teamId, machine: row, action: 'removed', differences: ofRemoval(toMachine(row)), by })
  return true
}

/** Forgets a device that is missing; one that is there stays. */
export async function removeMissingDevice(
  db: Queries,
  { teamId, id: machineId, by }: Target,
  id: DeviceId,
): Promise<boolean> {
  const where = { teamId, machineId, id, missingSince: { not: null } }
  const device = await db.device.findFirst({ where, include: { machine: true } })
  if (device === null) return false
  await db.device.deleteMany({ where })
  const differences = [{ path: labelOf({ index: device.position }), before: device.name, after: null }]
  await recordChange(db, { teamId, machine: device.machine, action: 'device-forgotten', differences, by })
  return true
}

export const sampleMachineIds = async (db: Queries, teamId: string): Promise<readonly string[]> =>
  (await db.machine.findMany({ where: { teamId, sample: true }, select: { id: true } })).map(({ id }) => id)

export const machineNames = async (db: Queries, teamId: string): Promise<readonly string[]> =>
  (await db.machine.findMany({ where: { teamId }, select: { name: true } })).map(({ name }) => name)
