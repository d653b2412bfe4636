import { setTimeout } from 'node:timers/promises'
import { type DatabaseOptions, openDatabase, type Queries } from '../../src/db.ts'
import type { ReservedMemory } from '../../src/generated/sqlite/client.ts'
import { type Held, oversold, type Stored } from './check.ts'

const WATCH_MS = 100

/** What the database itself says, beside all servers. */
export interface Tables {
  readonly held: () => Promise<readonly Held[]>
  readonly stored: () => Promise<readonly Stored[]>
  /** Looks again and again until it is told to stop, and answers the most that was oversold at any look. */
  readonly watch: (capacityOf: () => number) => () => Promise<number>
  readonly close: () => Promise<void>
}

export async function openTables(options: DatabaseOptions): Promise<Tables> {
  const database = await openDatabase(options)
  const held = () => readHeld(database.client)
  return {
    held,
    stored: () => readStored(database.client),
    watch: (capacityOf) => {
      let stopped = false
      const look = async (worst: number): Promise<number> => {
        const now = Math.max(worst, oversold(await held(), capacityOf))
        if (stopped) return now
        await setTimeout(WATCH_MS)
        return look(now)
      }
      const looking = look(0)
      return () => {
        stopped = true
        return looking
      }
    },
    close: database.close,
  }
}

/** One statement, so that it is of one moment. */
const readHeld = async (db: Queries): Promise<readonly Held[]> =>
  (await db.reservedMemory.findMany({ where: { over: false } })).map(toHeld)

const toHeld = (row: ReservedMemory): Held => ({
  device: row.deviceId,
  bytes: Number(row.bytes),
  startsAt: Number(row.startsAtMs),
  endsAt: row.endsAtMs === null ? Number.POSITIVE_INFINITY : Number(row.endsAtMs),
})

async function readStored(db: Queries): Promise<readonly Stored[]> {
  const rows = await db.reservation.findMany({ include: { memory: true } })
  return rows.map((row) => ({
    ...{ id: row.id, purpose: row.purpose, revision: row.revision, machineId: row.machineId },
    released: row.releasedAt !== null,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt?.toISOString() ?? null,
    memory: new Map(row.memory.map(({ deviceId, bytes }) => [deviceId, Number(bytes)])),
    live: row.memory.filter(({ over }) => !over).map(toHeld),
  }))
}
