import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '..')

/** A build that fails leaves nothing to run: these tests then fail, and not those of the other packages as well. */
export function setup(): void {
  rmSync(join(folder, 'dist'), { recursive: true, force: true })
  try {
    execFileSync(process.execPath, ['build.mjs'], { cwd: folder, stdio: 'inherit' })
  } catch (error) {
    console.error(String(error))
  }
}
