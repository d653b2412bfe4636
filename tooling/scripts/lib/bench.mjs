import { copyFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.mjs'
import { ensureInstalled } from './install.mjs'
import { root, stateFolder } from './paths.mjs'
import { run } from './run.mjs'

const folder = 'tooling/bench/src'

/** Runs the benches one after the other: two at once would time each other. */
export async function bench(names) {
  await ensureInstalled()
  const all = readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.bench.ts'))
    .toSorted()
  const chosen = names.length === 0 ? all : all.filter((file) => names.includes(basename(file, '.bench.ts')))
  if (chosen.length === 0) throw new Error(`no bench of that name; there are ${all.join(', ') || 'none'} in ${folder}`)
  for (const file of chosen) {
    console.log(`\n${basename(file, '.bench.ts')}`)
    const bundled = fileURLToPath(await bundle(`${folder}/${file}`, `bench-${basename(file, '.ts')}`))
    // The solver looks for it beside the script that it is bundled in.
    copyFileSync(
      createRequire(join(root, 'packages/solver/')).resolve('highs/runtime'),
      join(stateFolder, 'highs.wasm'),
    )
    const { code } = await run(process.execPath, ['--expose-gc', bundled], { inherit: true })
    if (code !== 0) process.exitCode = code
  }
}
