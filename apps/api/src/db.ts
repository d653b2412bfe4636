import type { PrismaClient } from './generated/sqlite/client.ts'
import { openPostgresql } from './db/postgresql.ts'
import { openSqlite } from './db/sqlite.ts'

/** Both generated clients have one shape, since both come from the same model files. */
export type Database = PrismaClient

/** What a repository works with: the client itself, or a transaction of it. */
export type Queries = Omit<Database, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends'>

export interface OpenDatabase {
  readonly kind: 'sqlite' | 'postgresql'
  readonly client: Database
  /** Resolves when a statement has gone through; rejects when the database cannot be reached. */
  readonly ping: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface DatabaseOptions {
  /** `postgresql://…`; without it, SQLite in `dataDir`. */
  readonly databaseUrl?: string | undefined
  readonly dataDir: string
  /** Holds `sqlite/migrations` and `postgresql/migrations`. */
  readonly migrationsDir: string
  readonly poolSize?: number
  /** A connection that fails while nobody uses it; the pool replaces it. */
  readonly onIdleError?: (error: Error) => void
}

/**
 * Opens the database, and brings it to the newest migration before anything else touches it.
 *
 * @throws {DatabaseStartError} when it cannot be reached, written or migrated.
 */
export const openDatabase = (options: DatabaseOptions): Promise<OpenDatabase> =>
  options.databaseUrl === undefined
    ? openSqlite(options)
    : openPostgresql({ ...options, databaseUrl: options.databaseUrl })
