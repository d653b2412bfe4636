import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.mjs'
import { ensureInstalled } from './install.mjs'
import { run } from './run.mjs'

/** Ends with the exit code of the comparison. */
export async function conformance(args) {
  await ensureInstalled()
  const file = fileURLToPath(await bundle('tooling/conformance/src/main.ts', 'conformance'))
  const { code } = await run(process.execPath, ['--enable-source-maps', file, ...args], { inherit: true })
  process.exitCode = code
}
