import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgresql } from './postgresql.mjs'
import { openSchemaEngine } from './schema-engine.mjs'

/**
 * node scripts/migration.mjs status       exit 1 when a schema is ahead of its migrations
 * node scripts/migration.mjs new <name>   writes prisma/<database>/migrations/<time>_<name>/migration.sql for both
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [command, name] = process.argv.slice(2)
if (command !== 'status' && !(command === 'new' && /^[a-z0-9_]+$/.test(name ?? ''))) {
  process.stderr.write('usage: migration.mjs status | new <name_in_snake_case>\n')
  process.exit(1)
}

const postgresql = await startPostgresql()
const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)
try {
  for (const [database, url] of Object.entries({ sqlite: ':memory:', postgresql: postgresql.url() })) {
    const engine = await openSchemaEngine(url)
    const { inStep, sql } = await engine.pending()
    if (inStep) process.stdout.write(`${database}: in step\n`)
    else if (command === 'status') {
      process.stdout.write(`${database}: the schema is ahead of its migrations:\n${sql}\n`)
      process.exitCode = 1
    } else {
      const folder = join(root, 'prisma', database, 'migrations', `${stamp}_${name}`)
      mkdirSync(folder)
      writeFileSync(join(folder, 'migration.sql'), sql)
      process.stdout.write(`${database}: ${folder}\n`)
    }
    await engine.close()
  }
} finally {
  await postgresql.stop()
}
