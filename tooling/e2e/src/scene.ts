import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where one run of the tests lives. Worker processes read it again and must find the same, so it travels by environment. */
const folder = (process.env['BERTH_E2E_FOLDER'] ??= mkdtempSync(join(tmpdir(), 'berth-e2e-')))
const port = Number((process.env['BERTH_E2E_PORT'] ??= String(20_000 + (process.pid % 20_000))))

const subfolder = (name: string): string => {
  const path = join(folder, name)
  mkdirSync(path, { recursive: true })
  return path
}

export const scene = {
  port,
  origin: `http://localhost:${port}`,
  dataFolder: subfolder('data'),
  modelFolder: subfolder('models'),
} as const
