import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { migrationsDir } from '../../test/database.ts'
import { type DatabaseOptions, openDatabase } from '../db.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

const fresh = async (): Promise<DatabaseOptions> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'berth-sqlite-'))
  folders.push(dataDir)
  return { dataDir, migrationsDir }
}

const openAndClose = async (options: DatabaseOptions) => (await openDatabase(options)).close()

/** A copy of the migrations that a test may add to. */
const copiedMigrations = async (options: DatabaseOptions) => {
  const folder = join(options.dataDir, 'prisma')
  await cp(migrationsDir, folder, { recursive: true })
  const add = async (name: string, sql: string) => {
    await mkdir(join(folder, 'sqlite', 'migrations', name), { recursive: true })
    await writeFile(join(folder, 'sqlite', 'migrations', name, 'migration.sql'), sql)
  }
  return { options: { ...options, migrationsDir: folder }, add }
}

describe('SQLite, whatever the suites run on', () => {
  it('keeps what acknowledged writes need on every connection, transactions included', async () => {
    const database = await openDatabase(await fresh())
    const settings = async (client: Pick<typeof database.client, '$queryRawUnsafe'>) => {
      const read = async (name: string) =>
        Object.values((await client.$queryRawUnsafe<Record<string, unknown>[]>(`PRAGMA ${name}`))[0] ?? {}).map(
          String,
        )[0]
      return [
        await read('journal_mode'),
        await read('synchronous'),
        await read('foreign_keys'),
        await read('busy_timeout'),
      ]
    }
    const expected = ['wal', '2', '1', '5000']
    expect(await settings(database.client)).toEqual(expected)
    expect(await database.client.$transaction((transaction) => settings(transaction))).toEqual(expected)
    expect(await settings(database.client)).toEqual(expected)
    await database.close()
  })

  it('keeps the rows that refer to a table which a migration redefines', async () => {
    const { options, add } = await copiedMigrations(await fresh())
    await add(
      '99990101000000_parent',
      `CREATE TABLE p (id TEXT PRIMARY KEY);
      CREATE TABLE c (id TEXT PRIMARY KEY, p TEXT NOT NULL REFERENCES p (id) ON DELETE CASCADE);
      INSERT INTO p VALUES ('1'); INSERT INTO c VALUES ('1', '1');`,
    )
    await openAndClose(options)
    await add(
      '99990102000000_redefine',
      `CREATE TABLE new_p (id TEXT PRIMARY KEY, name TEXT);
      INSERT INTO new_p (id) SELECT id FROM p; DROP TABLE p; ALTER TABLE new_p RENAME TO p;`,
    )
    const database = await openDatabase(options)
    expect(await database.client.$queryRaw`SELECT id FROM c`).toEqual([{ id: '1' }])
    await database.close()
  })

  it('names the folder it cannot write', async () => {
    const options = await fresh()
    await writeFile(join(options.dataDir, 'file'), '')
    await expect(openDatabase({ ...options, dataDir: join(options.dataDir, 'file', 'data') })).rejects.toThrow(
      /Cannot use the database .*file.*BERTH_DATA_DIR/,
    )
  })

  it('opens in a folder whose name needs escaping in a URL', async () => {
    const options = await fresh()
    const database = await openDatabase({ ...options, dataDir: join(options.dataDir, 'a b#c%20?d') })
    await expect(database.ping()).resolves.toBeUndefined()
    await database.close()
    expect(await readdir(join(options.dataDir, 'a b#c%20?d'))).toContain('berth.db')
  })
})
