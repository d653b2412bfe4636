import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolders, root, stateFolder } from './paths.mjs'
import { step } from './progress.mjs'
import { run } from './run.mjs'

const stampFile = join(stateFolder, 'installed')

/** Everything `pnpm install` depends on, the platform included: its packages bring programs for one platform only. */
function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`)
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']
  for (const file of [...files, ...packageFolders().map((folder) => `${folder}/package.json`)])
    hash.update(`${file}\n`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

function upToDate(wanted) {
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== wanted) return false
  return packageFolders().every((folder) => !hasDependencies(folder) || existsSync(join(root, folder, 'node_modules')))
}

function hasDependencies(folder) {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(
    readFileSync(join(root, folder, 'package.json'), 'utf8'),
  )
  return Object.keys({ ...dependencies, ...devDependencies }).length > 0
}

/** Installs what the lockfile names, unless nothing it depends on changed since the last time. */
export async function ensureInstalled() {
  const wanted = fingerprint()
  if (upToDate(wanted)) return
  const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
  await step('install', async (say) => {
    const args = ['-y', pnpm, 'install', '--frozen-lockfile', '--reporter=append-only']
    // pnpm asks before it replaces a node_modules of another layout, and would wait for an answer for ever.
    const env = { CI: 'true', npm_config_update_notifier: 'false' }
    const { code, output } = await run(process.platform === 'win32' ? 'npx.cmd' : 'npx', args, {
      env,
      onLine: (line) => say(/^Progress: .*/.exec(line)?.[0]),
    })
    if (code !== 0) throw new Error(`pnpm install failed:\n${output}`)
    const added = /added (\d+)/.exec(output.split('\n').findLast((line) => line.startsWith('Progress')) ?? '')?.[1]
    return added && `${added} packages`
  })
  mkdirSync(stateFolder, { recursive: true })
  writeFileSync(stampFile, wanted)
}
