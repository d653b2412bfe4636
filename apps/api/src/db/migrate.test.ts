import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openSchemaEngine } from '../../scripts/schema-engine.mjs'
import { emptyDatabase, migrationsDir } from '../../test/database.ts'
import { type DatabaseOptions, openDatabase } from '../db.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

const fresh = async () => {
  const { remove, ...options } = await emptyDatabase()
  cleanups.push(remove)
  return options
}

const urlOf = ({ databaseUrl, dataDir }: DatabaseOptions) => databaseUrl ?? `file:${join(dataDir, 'berth.db')}`

const engineFor = async (options: DatabaseOptions) => {
  const engine = await openSchemaEngine(urlOf(options))
  cleanups.push(engine.close)
  return engine
}

const openAndClose = async (options: DatabaseOptions) => (await openDatabase(options)).close()

/** A copy of the migrations that a test may change. */
const copiedMigrations = async (options: DatabaseOptions) => {
  const folder = join(options.dataDir, 'prisma')
  await cp(migrationsDir, folder, { recursive: true })
  const kind = options.databaseUrl === undefined ? 'sqlite' : 'postgresql'
  const add = async (name: string, sql: string) => {
    await mkdir(join(folder, kind, 'migrations', name), { recursive: true })
    await writeFile(join(folder, kind, 'migrations', name, 'migration.sql'), sql)
  }
  return { options: { ...options, migrationsDir: folder }, add, folder: join(folder, kind, 'migrations') }
}

describe('migrations', () => {
  it('lead to the schema files, with nothing left to do', async () => {
    const options = await fresh()
    const engine = await engineFor(options)
    expect(await engine.pending()).toMatchObject({ inStep: true })
  })

  it('leave the rows that Prisma itself takes for its own', async () => {
    const options = await fresh()
    await openAndClose(options)
    const engine = await engineFor(options)
    expect(await engine.diagnose()).toMatchObject({
      hasMigrationsTable: true,
      failedMigrationNames: [],
      editedMigrationNames: [],
      history: null,
    })
    expect(await engine.apply()).toEqual({ appliedMigrationNames: [] })
  })

  it('find nothing to do where Prisma applied them', async () => {
    const options = await fresh()
    const engine = await openSchemaEngine(urlOf(options))
    expect((await engine.apply()).appliedMigrationNames.length).toBeGreaterThan(0)
    await engine.close()
    const database = await openDatabase(options)
    expect(await database.client.plan.count()).toBe(0)
    await database.close()
  })

  it('run once when several processes start at the same time', async () => {
    const options = await fresh()
    const opened = await Promise.all([openDatabase(options), openDatabase(options), openDatabase(options)])
    const rows = await opened[0].client.$queryRaw<{ n: number | bigint }[]>`
      SELECT count(*) AS n FROM "_prisma_migrations"`
    expect(Number(rows[0]?.n)).toBeGreaterThan(0)
    await Promise.all(opened.map((database) => database.close()))
    expect(await (await engineFor(options)).diagnose()).toMatchObject({ history: null, failedMigrationNames: [] })
  })

  it('refuse a database that a newer version wrote', async () => {
    const { options, add, folder } = await copiedMigrations(await fresh())
    await add('99990101000000_from_the_future', 'CREATE TABLE future (id TEXT PRIMARY KEY)')
    await openAndClose(options)
    await rm(join(folder, '99990101000000_from_the_future'), { recursive: true })
    await expect(openDatabase(options)).rejects.toThrow(/newer version.*99990101000000_from_the_future/)
  })

  it('refuse a migration that was edited after it was applied', async () => {
    const { options, add } = await copiedMigrations(await fresh())
    await add('99990101000000_more', 'CREATE TABLE more (id TEXT PRIMARY KEY)')
    await openAndClose(options)
    await add('99990101000000_more', 'CREATE TABLE more (id TEXT PRIMARY KEY, name TEXT)')
    await expect(openDatabase(options)).rejects.toThrow(/99990101000000_more differs/)
  })

  it('undo a migration that fails halfway, and apply it once it is mended', async () => {
    const { options, add } = await copiedMigrations(await fresh())
    await add('99990101000000_bad', 'CREATE TABLE half (id TEXT PRIMARY KEY); CREATE TABLE nonsense (')
    await expect(openDatabase(options)).rejects.toThrow(/99990101000000_bad failed and was undone/)
    await add('99990101000000_bad', 'CREATE TABLE half (id TEXT PRIMARY KEY)')
    await expect(openAndClose(options)).resolves.toBeUndefined()
  })
})

it('says that the PostgreSQL server cannot be reached, without the password', async () => {
  const options = { dataDir: '.', migrationsDir, databaseUrl: 'postgresql://berth:secret@127.0.0.1:1/berth' }
  const failure = await openDatabase(options).catch((error: unknown) => String(error))
  expect(failure).toMatch(/DATABASE_URL \(postgresql:\/\/127\.0\.0\.1:1\/berth\).*ECONNREFUSED/)
  expect(failure).not.toContain('secret')
})
