import { copyFileSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))

await build({
  entryPoints: ['src/main.ts'],
  absWorkingDir: import.meta.dirname,
  outfile: 'dist/berth.mjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
  define: { BERTH_VERSION: JSON.stringify(version) },
  // a bundled CommonJS package calls `require`, which an ES module does not have.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
})

// Run by the machine's own sh, so it stays a file.
copyFileSync(
  fileURLToPath(import.meta.resolve('@berth/inventory/collect.sh')),
  new URL('dist/collect.sh', import.meta.url),
)
