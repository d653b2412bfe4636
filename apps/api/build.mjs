import { cp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/**
 * node build.mjs [folder]    main.mjs, its thread, its migrations and the collector, in dist if no folder is named
 * node build.mjs --openapi   writes openapi.v1.json
 *
 * Workspace packages are TypeScript sources, which Node does not run: they are bundled. npm packages stay where they are
 * installed, since some bring native code and WebAssembly.
 */
const root = dirname(fileURLToPath(import.meta.url))
const { dependencies } = createRequire(import.meta.url)('./package.json')
const npm = Object.keys(dependencies).filter((name) => !name.startsWith('@berth/'))

const bundle = (entry, outfile) =>
  build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
    external: npm.flatMap((name) => [name, `${name}/*`]),
    // What the workspace packages import and this one does not must be bundled, and some of it is CommonJS.
    banner: {
      js: "import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);",
    },
  })

if (process.argv.includes('--openapi')) {
  const outfile = join(root, 'node_modules', '.cache', 'openapi.mjs')
  await bundle('src/openapi.ts', outfile)
  const { openApiDocument } = await import(pathToFileURL(outfile).href)
  await writeFile(join(root, 'openapi.v1.json'), `${JSON.stringify(openApiDocument(), null, 2)}\n`)
} else {
  const folder = resolve(root, process.argv[2] ?? 'dist')
  await rm(folder, { recursive: true, force: true })
  await bundle('src/main.ts', join(folder, 'main.mjs'))
  await bundle('src/plan/worker.ts', join(folder, 'plan-worker.mjs'))
  await bundle('src/packing/worker.ts', join(folder, 'packing-worker.mjs'))
  await bundle('src/matrix/worker.ts', join(folder, 'matrix-worker.mjs'))
  // The solver looks for it beside the script that it is bundled in.
  const solver = createRequire(import.meta.resolve('@berth/solver'))
  await cp(solver.resolve('highs/runtime'), join(folder, 'highs.wasm'))
  await cp(fileURLToPath(import.meta.resolve('@berth/inventory/collect.sh')), join(folder, 'collect.sh'))
  for (const database of ['sqlite', 'postgresql']) {
    const migrations = join(database, 'migrations')
    await cp(join(root, 'prisma', migrations), join(folder, 'migrations', migrations), { recursive: true })
  }
}
