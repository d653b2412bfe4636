import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startError } from './start-error.ts'

/** One connection that holds the lock under which migrations run. */
export interface MigrationConnection {
  /** Runs several statements; they take effect together with `insert`, or not at all. */
  readonly apply: (script: string, insert: MigrationRow) => Promise<void>
  /** Makes the `_prisma_migrations` table where it is missing and answers its rows. */
  readonly applied: () => Promise<readonly AppliedMigration[]>
}

export interface MigrationRow {
  readonly id: string
  readonly checksum: string
  readonly name: string
}

export interface AppliedMigration {
  readonly name: string
  readonly checksum: string
  readonly finished: boolean
  readonly rolledBack: boolean
}

interface Migration {
  readonly name: string
  readonly script: string
  readonly checksum: string
}

/**
 * Applies what is pending, in order, and keeps the rows that Prisma's own CLI keeps, so that either can be used.
 *
 * @returns the names of the migrations applied now.
 * @throws {DatabaseStartError} for a database that a newer version wrote, an edited migration, or a failed one.
 */
export async function migrate(connection: MigrationConnection, folder: string): Promise<readonly string[]> {
  const known = await readMigrations(folder)
  const applied = (await connection.applied()).filter(({ rolledBack }) => !rolledBack)
  refuse(known, applied)
  const done = new Set(applied.map(({ name }) => name))
  const pending = known.filter(({ name }) => !done.has(name))
  for (const { name, script, checksum } of pending) {
    try {
      await connection.apply(script, { id: randomUUID(), checksum, name })
    } catch (error) {
      throw startError(`Migration ${name} failed and was undone: ${messageOf(error)}`, error)
    }
  }
  return pending.map(({ name }) => name)
}

function refuse(known: readonly Migration[], applied: readonly AppliedMigration[]): void {
  const byName = new Map(known.map((migration) => [migration.name, migration]))
  const unknown = applied.filter(({ name }) => !byName.has(name)).map(({ name }) => name)
  if (unknown.length > 0) {
    throw startError(
      `The database was written by a newer version of Berth: it has the migration ${unknown.join(', ')}, which this ` +
        'version does not know. Start that version, or restore a backup made before the upgrade.',
    )
  }
  for (const { name, checksum, finished } of applied) {
    if (!finished) throw startError(`Migration ${name} was begun and did not finish. Restore a backup.`)
    if (byName.get(name)?.checksum !== checksum) {
      throw startError(`Migration ${name} differs from the one this database was made with.`)
    }
  }
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.toSorted().map(async (name) => {
      const script = await readFile(join(folder, name, 'migration.sql'), 'utf8')
      return { name, script, checksum: createHash('sha256').update(script).digest('hex') }
    }),
  )
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
