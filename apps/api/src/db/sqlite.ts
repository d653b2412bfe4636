import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Client, createClient, LibsqlError, type Transaction } from '@libsql/client'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import type { DatabaseOptions, OpenDatabase } from '../db.ts'
import { PrismaClient } from '../generated/sqlite/client.ts'
import { migrate, type MigrationConnection } from './migrate.ts'
import { DatabaseStartError, startError } from './start-error.ts'

/** How long a statement waits for another process's write: the native call blocks, so it must be short. */
const BUSY_TIMEOUT_MS = 5000

/** How long a start waits for another process that is migrating. */
const MIGRATION_WAIT_MS = 60_000
const MIGRATION_RETRY_MS = 100

/** WAL so that readers do not wait, FULL so that an acknowledged write survives a power cut. */
const PRAGMAS = [
  `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`,
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
]

/** Opens `berth.db` in the data folder, made if missing, after applying its migrations. */
export async function openSqlite({ dataDir, migrationsDir }: DatabaseOptions): Promise<OpenDatabase> {
  const file = resolve(dataDir, 'berth.db')
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await migrateSqlite(file, join(migrationsDir, 'sqlite', 'migrations'))
    const connection = await whenFree(() => connect(file))
    const factory = new PrismaLibSql({ url: fileUrl(file) })
    factory.createClient = () => oneConnection(connection)
    const client = new PrismaClient({ adapter: factory })
    return {
      kind: 'sqlite',
      client,
      ping: async () => void (await client.$queryRaw`SELECT 1`),
      close: async () => {
        await client.$disconnect()
        connection.close()
      },
    }
  } catch (error) {
    if (error instanceof DatabaseStartError) throw error
    throw startError(`Cannot use the database ${file} (folder by BERTH_DATA_DIR): ${String(error)}`, error)
  }
}

async function connect(file: string): Promise<Client> {
  const client = createClient({ url: fileUrl(file) })
  for (const pragma of PRAGMAS) await client.execute(pragma)
  return client
}

/**
 * The client leaves its connection to every transaction and opens another for what follows, which would lose the pragmas.
 * The adapter lets one transaction run at a time, so one connection is enough. Transactions take the write lock at once:
 * a deferred one that reads first cannot be upgraded when another process has written meanwhile.
 */
function oneConnection(client: Client): Client {
  client.transaction = async () => {
    await client.execute('BEGIN IMMEDIATE')
    let closed = false
    const end = async (statement: string) => {
      if (closed) return
      closed = true
      await client.execute(statement)
    }
    const transaction: Transaction = {
      execute: (statement: Parameters<Client['execute']>[0]) => client.execute(statement),
      batch: (statements) => client.batch(statements),
      executeMultiple: (sql) => client.executeMultiple(sql),
      commit: () => end('COMMIT'),
      rollback: () => end('ROLLBACK'),
      close: () => void end('ROLLBACK'),
      get closed() {
        return closed
      },
    }
    return transaction
  }
  return client
}

async function migrateSqlite(file: string, folder: string): Promise<void> {
  const { client, transaction } = await whenFree(() => lockForMigration(file))
  try {
    await migrate(migrationConnection(transaction), folder)
    const broken = await transaction.execute('PRAGMA foreign_key_check')
    if (broken.rows.length > 0) throw startError(`A migration left ${broken.rows.length} rows without their parent.`)
    await transaction.commit()
  } finally {
    transaction.close()
    client.close()
  }
}

async function lockForMigration(file: string): Promise<{ client: Client; transaction: Transaction }> {
  const client = createClient({ url: fileUrl(file) })
  try {
    for (const pragma of PRAGMAS) await client.execute(pragma)
    // A table is redefined by dropping it, which would delete the rows that refer to it; the keys are checked after.
    await client.execute('PRAGMA foreign_keys = OFF')
    await client.execute('PRAGMA busy_timeout = 0')
    return { client, transaction: await client.transaction('write') }
  } catch (error) {
    client.close()
    throw error
  }
}

/** Waits between the attempts rather than in them, since a native wait holds up the whole process. */
async function whenFree<Value>(
  attempt: () => Promise<Value>,
  deadline = Date.now() + MIGRATION_WAIT_MS,
): Promise<Value> {
  try {
    return await attempt()
  } catch (error) {
    if (!(error instanceof LibsqlError && error.code === 'SQLITE_BUSY') || Date.now() > deadline) throw error
    await setTimeout(MIGRATION_RETRY_MS)
    return whenFree(attempt, deadline)
  }
}

/** All migrations share the one transaction that is the lock: they apply together or not at all. */
const migrationConnection = (transaction: Transaction): MigrationConnection => ({
  applied: async () => {
    await transaction.execute(MIGRATIONS_TABLE)
    const { rows } = await transaction.execute(
      'SELECT migration_name, checksum, finished_at, rolled_back_at FROM "_prisma_migrations" ORDER BY started_at',
    )
    return rows.map((row) => ({
      name: textOf(row['migration_name']),
      checksum: textOf(row['checksum']),
      finished: row['finished_at'] !== null,
      rolledBack: row['rolled_back_at'] !== null,
    }))
  },
  apply: async (script, { id, checksum, name }) => {
    await transaction.executeMultiple(script)
    await transaction.execute({
      sql: `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
            VALUES (?, ?, ?, unixepoch('now') * 1000, unixepoch('now') * 1000, 1)`,
      args: [id, checksum, name],
    })
  },
})

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** As Prisma's schema engine makes it. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`

/** Percent-encoded part by part, since a folder's name may hold `?`, `#` or `%`. */
const fileUrl = (file: string): string =>
  `file:${file
    .split(/([\\/])/)
    .map(encodePart)
    .join('')}`

const encodePart = (part: string): string => (part === '/' || part === '\\' ? part : encodeURIComponent(part))
