import {
  bytes,
  type ClaimsByPlace,
  type Claim,
  instant,
  type Machine,
  reservableOf,
  reservationId,
  withOverrides,
  withReserved,
} from '@berth/core'
import type { Queries } from '../db.ts'
import type { ReservedMemory as Row } from '../generated/sqlite/client.ts'
import { type MachineRows, toOverrides, toRead } from '../machine/rows.ts'

/**
 * Holds the rows of these machines until the transaction ends, one after the other in the order of their ids, so that two
 * who want the same ones never wait for each other. To be called first: what is read after it stays as it is read.
 */
export async function holdMachines(db: Queries, teamId: string, ids: readonly string[]): Promise<void> {
  for (const id of inOrder(ids)) {
    await db.$executeRaw`UPDATE "Machine" SET "revision" = "revision" WHERE "teamId" = ${teamId} AND "id" = ${id}`
  }
}

/** The same for who writes reservations on them: whoever looked at them before has an index that is out of date. */
export async function touchMachines(db: Queries, teamId: string, ids: readonly string[]): Promise<void> {
  for (const id of inOrder(ids)) {
    await db.$executeRaw`
      UPDATE "Machine" SET "reservationRevision" = "reservationRevision" + 1
      WHERE "teamId" = ${teamId} AND "id" = ${id}`
  }
}

const inOrder = (ids: readonly string[]): readonly string[] => [...new Set(ids)].toSorted()

/**
 * What may be reserved becomes what plans may use now, in the columns that the database itself holds reservations to. To
 * be called after every write of a machine or its devices.
 */
export async function keepReservable(db: Queries, row: MachineRows): Promise<void> {
  const machine = withOverrides(toRead(row), toOverrides(row))
  const { teamId, id } = row
  const host = machine.hostMemoryTotal === undefined ? null : BigInt(machine.hostMemoryTotal)
  if (row.hostReservableBytes !== host) {
    await db.$executeRaw`
      UPDATE "Machine" SET "hostReservableBytes" = ${host} WHERE "teamId" = ${teamId} AND "id" = ${id}`
  }
  const devices = new Map<string, bigint>(machine.devices.map((device) => [device.id, BigInt(reservableOf(device))]))
  for (const device of row.devices) {
    const reservableBytes = devices.get(device.id) ?? 0n
    if (device.reservableBytes === reservableBytes) continue
    await db.device.updateMany({ where: { teamId, machineId: id, id: device.id }, data: { reservableBytes } })
  }
}

/** What is reserved on these machines, or on all of the team, and is not over at `now`: by machine, then by place. */
export async function claimsOn(
  db: Queries,
  teamId: string,
  { ids, now }: { readonly ids?: readonly string[]; readonly now: number },
): Promise<ReadonlyMap<string, ClaimsByPlace>> {
  const rows = await db.reservedMemory.findMany({
    where: {
      teamId,
      over: false,
      ...(ids === undefined ? {} : { machineId: { in: [...ids] } }),
      OR: [{ endsAtMs: null }, { endsAtMs: { gt: BigInt(now) } }],
    },
    orderBy: { reservationId: 'asc' },
  })
  const machines = new Map<string, Map<string, Claim[]>>()
  for (const row of rows) {
    const places = machines.get(row.machineId) ?? new Map<string, Claim[]>()
    const claims = places.get(row.deviceId) ?? []
    claims.push(toClaim(row))
    machines.set(row.machineId, places.set(row.deviceId, claims))
  }
  return machines
}

export const toClaim = (row: Pick<Row, 'reservationId' | 'bytes' | 'startsAtMs' | 'endsAtMs'>): Claim => ({
  reservation: reservationId(row.reservationId),
  bytes: bytes(Number(row.bytes)),
  window: {
    start: instant(Number(row.startsAtMs)),
    end: row.endsAtMs === null ? null : instant(Number(row.endsAtMs)),
  },
})

/** The machine's figures with what is reserved from now on, and what was when it was read. */
function withClaims<View extends Machine & { readonly readAt: string | null }>(
  view: View,
  claims: ClaimsByPlace | undefined,
  now: number,
): View {
  if (claims === undefined) return view
  const readAt = view.readAt === null ? null : instant(Date.parse(view.readAt))
  return { ...view, ...withReserved(view, claims, { window: { start: instant(now), end: null }, readAt }) }
}

/** Machines with what is reserved on them, by one query for all. */
export async function withReservations<View extends Machine & { readonly readAt: string | null }>(
  db: Queries,
  teamId: string,
  views: readonly View[],
): Promise<readonly View[]> {
  const now = Date.now()
  const ids = views.length > MOST_NAMED ? undefined : views.map(({ id }) => id)
  const claims = await claimsOn(db, teamId, { ...(ids && { ids }), now })
  return views.map((view) => withClaims(view, claims.get(view.id), now))
}

/** Of more machines than this, all that is reserved is read: a statement names only so many. */
const MOST_NAMED = 1000
