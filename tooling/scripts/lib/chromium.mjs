import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where Playwright keeps the browsers it downloads, by platform. */
const playwrightFolders = {
  darwin: () => join(homedir(), 'Library/Caches/ms-playwright'),
  win32: () => join(process.env.LOCALAPPDATA ?? homedir(), 'ms-playwright'),
  linux: () => join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ms-playwright'),
}

/**
 * The browser for the end-to-end tests: CHROMIUM_PATH, Debian's, or Playwright's own download.
 * `{ path }` for the first two, `{ path: undefined }` for Playwright's, `undefined` when there is none.
 */
export function findChromium(environment = process.env) {
  const named = environment.CHROMIUM_PATH
  if (named) return existsSync(named) ? { path: named } : undefined
  if (existsSync('/usr/bin/chromium')) return { path: '/usr/bin/chromium' }
  const folder = environment.PLAYWRIGHT_BROWSERS_PATH ?? playwrightFolders[process.platform]?.()
  const downloaded =
    folder !== undefined && existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('chromium'))
  return downloaded ? { path: undefined } : undefined
}
