import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, stateFolder } from './paths.mjs'

/**
 * Bundles one TypeScript entry with everything it imports into node_modules/.berth and gives the file's URL.
 * The packages are TypeScript sources, which Node 20 cannot run as they are.
 */
export async function bundle(entry, name) {
  const { build } = await import('esbuild')
  mkdirSync(stateFolder, { recursive: true })
  const outfile = join(stateFolder, `${name}.mjs`)
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'inline',
    logLevel: 'error',
    // CommonJS packages call `require`, which an ES module does not have.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
  return pathToFileURL(outfile)
}
