/** Builds the pages into a folder that runs by itself: `node .next/standalone/apps/web/server.js`. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const here = import.meta.dirname
const next = createRequire(import.meta.url).resolve('next/dist/bin/next')

const { status } = spawnSync(process.execPath, [next, 'build'], {
  cwd: here,
  stdio: 'inherit',
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
})
if (status !== 0) process.exit(status ?? 1)

// Next leaves the static files out of the standalone folder, for those who serve them from elsewhere.
const standalone = path.join(here, '.next/standalone/apps/web')
cpSync(path.join(here, '.next/static'), path.join(standalone, '.next/static'), { recursive: true })
if (existsSync(path.join(here, 'public'))) {
  cpSync(path.join(here, 'public'), path.join(standalone, 'public'), { recursive: true })
}
