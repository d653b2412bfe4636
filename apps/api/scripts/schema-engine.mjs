import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import { Client, Pool } from 'pg'

/* oxlint-disable no-underscore-dangle -- the names are wasm-bindgen's */
/**
 * Prisma's schema engine as WebAssembly. Its API is no public contract: the version is pinned to the one `prisma` itself
 * was built with, and only this file knows it.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const noFilter = { externalTables: [], externalEnums: [] }

let loaded
async function engineModule() {
  if (loaded !== undefined) return loaded
  const require = createRequire(import.meta.url)
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const wasmFile = join(dirname(require.resolve('@prisma/schema-engine-wasm')), 'schema_engine_bg.wasm')
  const { instance } = await WebAssembly.instantiate(readFileSync(wasmFile), { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  loaded = glue
  return loaded
}

/** The model files and the datasource of one database, as [path, content]. */
function schemaFiles(database) {
  const folders = [join(root, 'prisma', 'schema'), join(root, 'prisma', database)]
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.prisma'))
      .toSorted()
      .map((name) => ({ path: join(folder, name), content: readFileSync(join(folder, name), 'utf8') })),
  )
}

function migrationList(database) {
  const baseDir = join(root, 'prisma', database, 'migrations')
  const folders = readdirSync(baseDir, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: readFileSync(join(baseDir, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: folders
      .map(({ name }) => name)
      .toSorted()
      .map((path) => ({
        path,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok', value: readFileSync(join(baseDir, path, 'migration.sql'), 'utf8') },
        },
      })),
  }
}

/** @param {string} url `file:…`, `:memory:` or `postgresql://…`; of a PostgreSQL server it makes shadow databases. */
export async function openSchemaEngine(url) {
  const database = url.startsWith('postgresql:') ? 'postgresql' : 'sqlite'
  const opened = []
  const adapter = database === 'sqlite' ? sqliteAdapter(url) : postgresqlAdapter(url, opened)
  const { SchemaEngine } = await engineModule()
  const files = schemaFiles(database)
  const engine = await SchemaEngine.new(
    { datamodels: files.map(({ path, content }) => [path, content]) },
    () => {},
    bindMigrationAwareSqlAdapterFactory(adapter),
  )
  return {
    /** SQL that leads from the migrations to the schema files, and whether there is anything to do. */
    async pending() {
      const between = {
        from: { tag: 'migrations', ...migrationList(database) },
        to: { tag: 'schemaDatamodel', files, configDir: root },
        filters: noFilter,
      }
      const { exitCode } = await engine.diff({ ...between, script: false, exitCode: true })
      const { stdout } = await engine.diff({ ...between, script: true, exitCode: null })
      return { inStep: exitCode === 0, sql: stdout ?? '' }
    },
    /** What Prisma itself thinks of a database's `_prisma_migrations` rows. */
    diagnose: () =>
      engine.diagnoseMigrationHistory({
        migrationsList: migrationList(database),
        optInToShadowDatabase: false,
        filters: noFilter,
      }),
    /** Applies the migrations as `prisma migrate deploy` does. */
    apply: () => engine.applyMigrations({ migrationsList: migrationList(database), filters: noFilter }),
    close: async () => {
      engine.free()
      await Promise.all(opened.map((pool) => pool.ended || pool.end()))
    },
  }
}

/** The engine sends whole migrations as one statement, of which SQLite's `prepare` would run the first alone. */
function sqliteAdapter(url) {
  const factory = new PrismaLibSql({ url })
  return {
    provider: 'sqlite',
    adapterName: factory.adapterName,
    connect: () => withScripts(factory.connect()),
    connectToShadowDb: () => withScripts(factory.connectToShadowDb()),
  }
}

async function withScripts(connecting) {
  const adapter = await connecting
  const executeRaw = adapter.executeRaw.bind(adapter)
  adapter.executeRaw = async (query) => {
    if (query.args.length > 0) return executeRaw(query)
    await adapter.executeScript(query.sql)
    return 0
  }
  return adapter
}

/** PostgreSQL's internal one-byte type, which its catalogue uses and the adapter does not know. */
const CHAR = 18
const BPCHAR = 1042

function postgresqlAdapter(url, opened) {
  const connect = async (connectionString, dispose) => {
    const pool = new Pool({ connectionString })
    opened.push(pool)
    const adapter = await new PrismaPg(poolWithChar(pool)).connect()
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query)
      const isChar = (index) => charColumns.get(query.sql)?.has(index) === true
      const columnTypes = result.columnTypes.map((type, index) => (isChar(index) ? ColumnTypeEnum.Character : type))
      return { ...result, columnTypes }
    }
    // The adapter's own cuts a script at every semicolon, and the body of a function has some.
    adapter.executeScript = async (script) => void (await pool.query(script))
    adapter.dispose = async () => {
      await pool.end()
      await dispose?.()
    }
    return adapter
  }
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect(url),
    connectToShadowDb: async () => {
      const name = `shadow_${process.pid}_${shadows++}`
      await once(url, `CREATE DATABASE ${name}`)
      const shadow = new URL(url)
      shadow.pathname = name
      return connect(shadow.href, () => once(url, `DROP DATABASE ${name}`))
    },
  }
}

let shadows = 0
const charColumns = new Map()

function poolWithChar(pool) {
  const query = pool.query.bind(pool)
  pool.query = async (statement) => {
    const result = await query(statement)
    const found = new Set()
    for (const [index, field] of (result.fields ?? []).entries()) {
      if (field.dataTypeID !== CHAR) continue
      found.add(index)
      field.dataTypeID = BPCHAR
    }
    charColumns.set(statement.text, found)
    return result
  }
  return pool
}

async function once(connectionString, sql) {
  const client = new Client({ connectionString })
  await client.connect()
  await client.query(sql)
  await client.end()
}
