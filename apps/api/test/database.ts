import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { inject } from 'vitest'
import { type DatabaseOptions, openDatabase, type OpenDatabase } from '../src/db.ts'

export const migrationsDir = fileURLToPath(new URL('../prisma', import.meta.url))

/** Where an empty database of the kind under test lies. */
export async function emptyDatabase(): Promise<DatabaseOptions & { readonly remove: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'berth-test-'))
  const remove = () => rm(dataDir, { recursive: true, force: true })
  const server = inject('postgresqlUrl')
  if (server === undefined) return { dataDir, migrationsDir, remove }
  const name = `berth_${inject('runId')}_${randomUUID().slice(0, 8)}`
  const client = new Client({ connectionString: server })
  await client.connect()
  await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  const url = new URL(server)
  url.pathname = name
  return { databaseUrl: url.href, dataDir, migrationsDir, remove }
}

/** An open, migrated database that is gone after `close`. */
export async function testDatabase(): Promise<OpenDatabase> {
  const { remove, ...options } = await emptyDatabase()
  const database = await openDatabase(options)
  return {
    ...database,
    close: async () => {
      await database.close()
      await remove()
    },
  }
}
