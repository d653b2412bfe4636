import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Generates one Prisma client per database from one set of model files.
 *
 * The CLI reads one folder, so each database gets one assembled beside the sources. Generating needs no schema engine,
 * yet the CLI tries to fetch one unless it is told where it lies: any existing executable will do.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)
const prisma = join(dirname(require.resolve('prisma/package.json')), 'build', 'index.js')
const anyExecutable = existsSync('/bin/true') ? '/bin/true' : process.execPath

for (const database of ['sqlite', 'postgresql']) {
  const folder = join(root, '.prisma', database)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await cp(join(root, 'prisma', 'schema'), folder, { recursive: true })
  await cp(join(root, 'prisma', database, 'datasource.prisma'), join(folder, 'datasource.prisma'))
  await rm(join(root, 'src', 'generated', database), { recursive: true, force: true })
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [prisma, 'generate', '--schema', folder, '--no-hints'],
    {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: anyExecutable,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    },
  )
  if (status !== 0) {
    process.stderr.write(`${stdout}${stderr}`)
    process.exit(status ?? 1)
  }
}
