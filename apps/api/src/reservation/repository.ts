import {
  type Claim,
  type CountedPlace,
  isLive,
  keyOf,
  overlaps,
  reservationId,
  reservationStates,
  type TimeWindow,
} from '@berth/core'
import type { Queries } from '../db.ts'
import { newId } from '../ids.ts'
import { toView } from '../machine/rows.ts'
import type { MachineView } from '../machine/schema.ts'
import { afterCursor, mapPage, type Page, type PageAsked, pageOf } from '../page.ts'
import { keepReservable, toClaim } from '../reserved-memory/repository.ts'
import { conditionsOf, notOverBefore, type ReservationFilter } from './conditions.ts'
import type { ReservedFor } from './reserved-for.ts'
import { indexOf, type StoredReservation, toReservation, toWindow, withAll } from './rows.ts'

/** A machine to reserve on, without what is reserved, and its index before the transaction that holds it. */
export interface HeldMachine {
  readonly machine: MachineView
  readonly index: string
}

/** Of a machine that this transaction touched. What the database holds reservations to is put right where it is not. */
export async function findHeld(db: Queries, teamId: string, id: string): Promise<HeldMachine | undefined> {
  const row = await db.machine.findUnique({
    where: { teamId_id: { teamId, id } },
    include: { devices: { orderBy: { position: 'asc' } } },
  })
  if (row === null) return undefined
  await keepReservable(db, row)
  return { machine: toView(row), index: indexOf({ ...row, reservationRevision: row.reservationRevision - 1 }) }
}

/** The same for who only looks. */
export async function findReservable(db: Queries, teamId: string, id: string): Promise<HeldMachine | undefined> {
  const row = await db.machine.findUnique({
    where: { teamId_id: { teamId, id } },
    include: { devices: { orderBy: { position: 'asc' } } },
  })
  return row === null ? undefined : { machine: toView(row), index: indexOf(row) }
}

export interface NewReservation extends Pick<StoredReservation, 'purpose' | 'owner' | 'planId' | 'reservedFor'> {
  readonly teamId: string
  readonly machineId: string
  readonly places: readonly CountedPlace[]
  readonly window: TimeWindow
}

export async function createReservation(db: Queries, reservation: NewReservation): Promise<StoredReservation> {
  const { teamId, machineId: on, owner, purpose, planId, reservedFor, places, window } = reservation
  const id = newId()
  const what = JSON.stringify(reservedFor)
  await db.reservation.create({
    data: { teamId, id, machineId: on, owner, purpose, planId, what, ...timesOf(window) },
  })
  await writeMemory(db, { teamId, id }, { machineId: on, places, window })
  return (await findReservation(db, teamId, id))!
}

export interface ReservationKey {
  readonly teamId: string
  readonly id: string
}

export interface Placing extends Pick<NewReservation, 'machineId' | 'places' | 'window'> {
  readonly reservedFor?: ReservedFor
}

/** It then holds these places and no others. */
export async function placeAnew(db: Queries, key: ReservationKey, placing: Placing): Promise<StoredReservation> {
  const { teamId, id } = key
  const { machineId: on, window, reservedFor } = placing
  await db.reservedMemory.deleteMany({ where: { teamId, reservationId: id } })
  await db.reservation.update({
    where: { teamId_id: key },
    data: {
      machineId: on,
      ...timesOf(window),
      ...(reservedFor && { what: JSON.stringify(reservedFor) }),
      revision: { increment: 1 },
    },
  })
  await writeMemory(db, key, placing)
  return (await findReservation(db, teamId, id))!
}

async function writeMemory(db: Queries, { teamId, id }: ReservationKey, { machineId: on, places, window }: Placing) {
  const { startsAtMs, endsAtMs } = columnsOf(window)
  await db.reservedMemory.createMany({
    data: places.map(({ place, bytes: size, shared }) => ({
      ...{ teamId, reservationId: id, machineId: on, deviceId: keyOf(place) },
      ...{ bytes: BigInt(size), sharedBytes: BigInt(shared), startsAtMs, endsAtMs },
    })),
  })
}

const timesOf = ({ start, end }: TimeWindow) => ({
  startsAt: new Date(start),
  endsAt: end === null ? null : new Date(end),
})

const columnsOf = ({ start, end }: TimeWindow) => ({
  startsAtMs: BigInt(start),
  endsAtMs: end === null ? null : BigInt(end),
})

/** Another end, of the same places. */
export async function endAt(db: Queries, key: ReservationKey, window: TimeWindow): Promise<StoredReservation> {
  const { teamId, id } = key
  const { endsAt } = timesOf(window)
  await db.reservation.update({ where: { teamId_id: key }, data: { endsAt, revision: { increment: 1 } } })
  const { endsAtMs } = columnsOf(window)
  await db.reservedMemory.updateMany({ where: { teamId, reservationId: id }, data: { endsAtMs } })
  return (await findReservation(db, teamId, id))!
}

/** What it held until now stays told; from now on it holds nothing. */
export async function release(db: Queries, key: ReservationKey, at: Date): Promise<StoredReservation> {
  const { teamId, id } = key
  const data = { releasedAt: at, revision: { increment: 1 } }
  const { startsAt } = await db.reservation.update({ where: { teamId_id: key }, data })
  const endsAtMs = BigInt(Math.max(startsAt.getTime(), at.getTime()))
  await db.reservedMemory.updateMany({ where: { teamId, reservationId: id }, data: { over: true, endsAtMs } })
  return (await findReservation(db, teamId, id))!
}

export async function findReservation(db: Queries, teamId: string, id: string): Promise<StoredReservation | undefined> {
  const row = await db.reservation.findUnique({ where: { teamId_id: { teamId, id } }, include: withAll })
  return row === null ? undefined : toReservation(row)
}

export interface ReservationsAsked extends ReservationFilter, PageAsked {
  readonly now: Date
}

/** In the order of their making. */
export async function listReservations(
  db: Queries,
  teamId: string,
  { limit, cursor, now, ...filter }: ReservationsAsked,
): Promise<Page<StoredReservation>> {
  const rows = await db.reservation.findMany({
    where: { teamId, ...afterCursor(cursor), AND: conditionsOf(filter, now) },
    orderBy: { id: 'asc' },
    take: limit + 1,
    include: withAll,
  })
  return mapPage(pageOf(rows, limit), toReservation)
}

/** All that hold memory now or will, or those of some machines. */
export async function everyLive(
  db: Queries,
  teamId: string,
  { now, ...filter }: Pick<ReservationsAsked, 'now' | 'machineId'>,
): Promise<readonly StoredReservation[]> {
  const rows = await db.reservation.findMany({
    where: { teamId, AND: conditionsOf({ ...filter, state: reservationStates.filter(isLive) }, now) },
    orderBy: { id: 'asc' },
    include: withAll,
  })
  return rows.map(toReservation)
}

/** Those that hold memory of these machines, now or later. */
export const liveOn = (
  db: Queries,
  teamId: string,
  machineIds: readonly string[],
): Promise<readonly { readonly id: string; readonly purpose: string }[]> =>
  db.reservation.findMany({
    where: { teamId, machineId: { in: [...machineIds] }, releasedAt: null, AND: [notOverBefore(new Date())] },
    select: { id: true, purpose: true },
    orderBy: { id: 'asc' },
  })

/** Of machines that go: what is left of them is the history of the machine. */
export async function removeReservationsOn(db: Queries, teamId: string, machineIds: readonly string[]): Promise<void> {
  await db.reservation.deleteMany({ where: { teamId, machineId: { in: [...machineIds] } } })
}

/** Names for sentences. */
export async function namesOf(db: Queries, teamId: string, ids: readonly string[]) {
  const rows = await db.reservation.findMany({
    where: { teamId, id: { in: [...ids] } },
    select: { id: true, purpose: true, owner: true },
  })
  return new Map(rows.map(({ id, ...name }) => [reservationId(id), name]))
}

/** What a reservation held of a place, for as long as it did. */
export interface HeldPlace {
  readonly machineId: string
  /** `keyOf` the place. */
  readonly key: string
  readonly claim: Claim
  readonly reservation: Pick<StoredReservation, 'id' | 'purpose' | 'owner' | 'window' | 'releasedAt'>
}

export interface HeldAsked {
  readonly window: TimeWindow
  readonly machineIds?: readonly string[] | undefined
  readonly limit: number
}

/** Everything that was, is or will be held in the window. */
export async function heldBetween(
  db: Queries,
  teamId: string,
  { window, machineIds, limit }: HeldAsked,
): Promise<readonly HeldPlace[]> {
  const { startsAtMs, endsAtMs } = columnsOf(window)
  const rows = await db.reservedMemory.findMany({
    where: {
      teamId,
      ...(machineIds === undefined ? {} : { machineId: { in: [...machineIds] } }),
      ...(endsAtMs === null ? {} : { startsAtMs: { lt: endsAtMs } }),
      OR: [{ endsAtMs: null }, { endsAtMs: { gt: startsAtMs } }],
    },
    orderBy: [{ machineId: 'asc' }, { reservationId: 'asc' }],
    take: limit,
    include: { reservation: true },
  })
  return rows
    .map((row) => ({
      machineId: row.machineId,
      key: row.deviceId,
      claim: toClaim(row),
      reservation: {
        id: reservationId(row.reservation.id),
        purpose: row.reservation.purpose,
        owner: row.reservation.owner,
        window: toWindow(row.reservation),
        releasedAt: row.reservation.releasedAt,
      },
    }))
    .filter(({ claim }) => overlaps(claim.window, window))
}
