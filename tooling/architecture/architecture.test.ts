import { describe, expect, it } from 'vitest'
import { filesIn, foldersIn, importsOf, isProduct, isTest, readManifest, readText, sourceFiles } from './workspace.ts'

const product = sourceFiles.filter((file) => isProduct(file))
const under = (folder: string) => product.filter(({ path }) => path.startsWith(`${folder}/`))

/** Guards against the worst kind of green: a check that passes because it found nothing to look at. */
const some = <Item>(items: readonly Item[]): readonly Item[] => {
  expect(items.length).toBeGreaterThan(0)
  return items
}

describe('core', () => {
  it('depends on nothing at run time', () => {
    const { dependencies = {}, peerDependencies = {} } = readManifest('packages/core')
    expect({ ...dependencies, ...peerDependencies }).toEqual({})
  })

  it('imports only its own files', () => {
    const imports = some(under('packages/core').flatMap((file) => importsOf(file)))
    expect(imports.filter(({ specifier }) => !specifier.startsWith('.'))).toEqual([])
  })

  it('imports a file with its extension, so that Node, the bundlers and the compiler agree on which', () => {
    const relative = some(
      product.flatMap((file) => importsOf(file)).filter(({ specifier }) => specifier.startsWith('.')),
    )
    expect(relative.filter(({ specifier }) => !/\.(ts|tsx|css|json|mjs|js|woff2)$/.test(specifier))).toEqual([])
  })
})

describe('a registry names every file in its folder', () => {
  const core = 'packages/core/src'

  /** Files of a registry's folder that are no entries, each with what it is. */
  const helpers: Readonly<Record<string, string>> = {
    [`${core}/engines/launch.ts`]: 'the data every engine answers with',
    [`${core}/engines/start.ts`]: 'a launch and its deployments, written for people and for platforms',
    [`${core}/engines/architecture-builds.ts`]: 'since which build of llama.cpp an architecture loads',
    [`${core}/engines/older-build-refusals.ts`]: 'what every engine with an older llama.cpp refuses',
    [`${core}/engines/setting-reasons.ts`]: 'the ranges of settings, checked for GGUF and ExLlama engines alike',
    [`${core}/engines/model-file.ts`]: 'the name of the file that an engine is told to load',
    [`${core}/engines/controls.ts`]: 'what engines can be told, where several can be told the same',
    [`${core}/engines/yaml.ts`]: 'writes YAML for whoever launches with it',
    [`${core}/engines/shell.ts`]: 'writes that data for a shell',
    [`${core}/engines/visible-devices.ts`]: 'how a process is shown some GPUs only, whatever the engine',
    [`${core}/exl2/engines/exl2-engine.ts`]: 'what an engine of EXL2 or EXL3 folders answers',
    [`${core}/exl2/engines/exl2-launch.ts`]: 'parts of a launch that these engines share',
    [`${core}/exl2/engines/exl2-refusals.ts`]: 'what all of them refuse',
    [`${core}/exl2/engines/exl2-request.ts`]: 'how a request is read in their words',
    [`${core}/exl2/engines/model-folder.ts`]: 'where a model lies for an engine that downloads nothing',
    [`${core}/context/block-context.ts`]: 'what every family answers with',
    [`${core}/context/cache-tensors.ts`]: 'the tensors of a cache, shared by families',
    [`${core}/context/shape.ts`]: 'normalises the request before any family is asked',
  }

  const registries = [
    'model/architectures',
    'engines',
    'exl2/engines',
    'placement/rules',
    'placement/preferences',
    'solve/unknowns',
  ]

  /** `llama-cpp-launch.ts` is a part of the entry `llama-cpp.ts`. */
  const isPartOf = (path: string, entries: readonly string[]): boolean =>
    entries.some((entry) => path.startsWith(`${entry.replace(/\.ts$/, '')}-`))

  const entriesIn = (folder: string): readonly string[] =>
    some(filesIn(folder).filter((file) => !isTest(file)))
      .map(({ path }) => path)
      .filter((path) => path !== `${folder}/index.ts` && helpers[path] === undefined)

  it.each(registries)('%s', (name) => {
    const folder = `${core}/${name}`
    const index = filesIn(folder).find(({ path }) => path === `${folder}/index.ts`)
    expect(index, `${folder}/index.ts is missing`).toBeDefined()
    const named = importsOf(index!).map(({ specifier }) => `${folder}/${specifier.replace('./', '')}`)
    const left = some(entriesIn(folder)).filter((path) => !named.includes(path) && !isPartOf(path, named))
    expect(left).toEqual([])
  })

  it('context: every family is the choice of some architecture', () => {
    const chosen = under(`${core}/model`).flatMap((file) => importsOf(file).map(({ specifier }) => specifier))
    const left = some(entriesIn(`${core}/context`)).filter(
      (path) => !chosen.some((specifier) => specifier.endsWith(path.replace(core, ''))),
    )
    expect(left).toEqual([])
  })

  it('excuses no file that is gone', () => {
    const paths = new Set(sourceFiles.map(({ path }) => path))
    expect(Object.keys(helpers).filter((path) => !paths.has(path))).toEqual([])
  })
})

describe('packages import only what they may', () => {
  /** Workspace packages each may import; `type` where only its types. */
  const allowed: Readonly<Record<string, Readonly<Record<string, 'code' | 'type'>>>> = {
    'packages/core': {},
    'packages/catalogue': { core: 'code' },
    'packages/sources': { core: 'code' },
    'packages/gguf': { core: 'code', sources: 'code' },
    'packages/exl2': { core: 'code', sources: 'code' },
    'packages/inventory': { core: 'code' },
    'packages/solver': { core: 'code' },
    'packages/ui': { core: 'code' },
    'apps/api': { core: 'code', catalogue: 'code', exl2: 'code', gguf: 'code', inventory: 'code', solver: 'code' },
    'apps/web': { core: 'code', catalogue: 'code', ui: 'code', api: 'type' },
    'apps/cli': { core: 'code', catalogue: 'code', exl2: 'code', gguf: 'code', inventory: 'code' },
  }

  /** Packages from the registry that belong to others: a package not listed for a library may not touch it. */
  const keptTo: Readonly<Record<string, readonly string[]>> = {
    '@huggingface/gguf': ['packages/gguf'],
    '@huggingface/hub': ['packages/sources'],
    'fast-xml-parser': ['packages/inventory'],
    'csv-parse': ['packages/inventory'],
    highs: ['packages/solver'],
    '@prisma/client': ['apps/api'],
    fastify: ['apps/api'],
    zod: ['apps/api', 'apps/web'],
    commander: ['apps/cli'],
    next: ['apps/web'],
    react: ['apps/web', 'packages/ui'],
    '@trpc/client': ['apps/web', 'apps/cli'],
  }

  it('has a row for every package', () => {
    const packages = ['apps', 'packages'].flatMap((group) => foldersIn(group).map((name) => `${group}/${name}`))
    expect(packages.toSorted()).toEqual(Object.keys(allowed).toSorted())
  })

  it.each(Object.entries(allowed))('%s imports', (folder, row) => {
    const imports = some(under(folder)).flatMap((file) => importsOf(file))
    const wrong = imports.filter(({ specifier, typeOnly }) => {
      const target = /^@berth\/([^/]+)/.exec(specifier)?.[1]
      if (target === undefined) return false
      return row[target] === undefined || (row[target] === 'type' && !typeOnly)
    })
    expect(wrong).toEqual([])
  })

  it.each(Object.entries(allowed))('%s declares', (folder, row) => {
    const { dependencies = {} } = readManifest(folder)
    const declared = Object.keys(dependencies).flatMap((name) => /^@berth\/(.+)$/.exec(name)?.[1] ?? [])
    expect(declared.filter((name) => row[name] === undefined)).toEqual([])
  })

  it.each(Object.entries(keptTo))('%s is kept to %j', (library, folders) => {
    const users = product.filter((file) =>
      importsOf(file).some(({ specifier }) => specifier === library || specifier.startsWith(`${library}/`)),
    )
    expect(users.map(({ path }) => path).filter((path) => !folders.some((folder) => path.startsWith(folder)))).toEqual(
      [],
    )
  })

  it('lets nobody run code of the API: its exports hold types only', () => {
    expect(readManifest('apps/api').exports).toEqual({ '.': { types: './src/router.ts' } })
  })
})

describe('versions', () => {
  it('are named in the catalog only', () => {
    const folders = ['apps', 'packages', 'tooling'].flatMap((group) =>
      foldersIn(group).map((name) => `${group}/${name}`),
    )
    const ranges = some(['.', ...folders]).flatMap((folder) => {
      const { dependencies, devDependencies, peerDependencies } = readManifest(folder)
      return Object.entries({ ...dependencies, ...devDependencies, ...peerDependencies }).map(
        ([name, range]) => `${folder}: ${name} ${range}`,
      )
    })
    expect(some(ranges).filter((line) => !/ (catalog:|workspace:\*|link:apps\/cli)$/.test(line))).toEqual([])
  })

  it('are exact there, so that an install is the same on every day', () => {
    const catalog = /^catalog:\n((?: {2}.*\n)+)/m.exec(readText('pnpm-workspace.yaml'))?.[1] ?? ''
    const lines = some(catalog.trimEnd().split('\n'))
    expect(lines.filter((line) => !/^ {2}\S+: \d+\.\d+\.\d+[\w.-]*$/.test(line))).toEqual([])
  })
})

describe('the outside world is reached in one place', () => {
  it('reads the environment only where it is checked', () => {
    // The API's main hands the environment over to `readSettings` of its env.ts, which is pure.
    const places = ['apps/api/src/env.ts', 'apps/api/src/main.ts', 'apps/cli/src/env.ts', 'apps/web/src/env.ts']
    const readers = product.filter(({ text }) => /\bprocess\.env\b/.test(text)).map(({ path }) => path)
    expect(some(readers).filter((path) => !places.includes(path))).toEqual([])
  })

  it('calls Prisma only in a repository or in the database module', () => {
    const users = product.filter((file) =>
      importsOf(file).some(({ specifier, typeOnly }) => !typeOnly && /@prisma\/|generated\//.test(specifier)),
    )
    const allowedIn = /^apps\/api\/src\/(db\.ts$|db\/|[^/]+\/repository\.ts$)/
    expect(
      some(users)
        .map(({ path }) => path)
        .filter((path) => !allowedIn.test(path)),
    ).toEqual([])
  })

  it('writes queries only in a repository or in the database module', () => {
    const callers = product.filter(({ text }) =>
      /\b(findMany|findUnique|findFirst|createMany|deleteMany|upsert)\(/.test(text),
    )
    const allowedIn = /^apps\/api\/src\/(db\.ts$|db\/|[^/]+\/repository\.ts$)/
    expect(
      some(callers)
        .map(({ path }) => path)
        .filter((path) => !allowedIn.test(path)),
    ).toEqual([])
  })
})

describe('files stay small', () => {
  const LINES = 300

  /** Longer files, each with the reason why it is one. */
  const longer: Readonly<Record<string, string>> = {}

  it(`no file is longer than ${LINES} lines without a reason`, () => {
    const files = some(sourceFiles.filter((file) => !isTest(file)))
    const long = files.filter(({ text }) => text.split('\n').length - 1 > LINES).map(({ path }) => path)
    expect(long.toSorted()).toEqual(Object.keys(longer).toSorted())
  })
})

describe('names', () => {
  it('are kebab-case, save those a framework reads', () => {
    const byFramework = /^(\[.+\]|\(.+\)|_.+|@.+)$/
    const wrong = some(sourceFiles).filter(({ path }) =>
      path.split('/').some((part) => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(part) && !byFramework.test(part)),
    )
    expect(wrong.map(({ path }) => path)).toEqual([])
  })
})
