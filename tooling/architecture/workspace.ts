import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

const notOurs = new Set(['node_modules', 'dist', '.next', '.turbo', 'generated', 'fixtures', 'test-results', 'public'])

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string
  readonly text: string
}

export interface Import {
  readonly file: string
  readonly specifier: string
  readonly typeOnly: boolean
}

function walk(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (notOurs.has(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? walk(path) : [path]
  })
}

/** Every TypeScript and JavaScript file that people write here. */
export const sourceFiles: readonly SourceFile[] = ['apps', 'packages', 'tooling']
  .flatMap((group) => walk(join(root, group)))
  .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && basename(path) !== 'next-env.d.ts')
  .map((path) => ({ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }))

/** Tests may reach what the code may not: another package's fixtures, the file system, the environment. */
export const isTest = ({ path }: SourceFile): boolean => /\.(test|spec)\.(ts|tsx|mjs)$|\/(e2e|test|tests)\//.test(path)

/** Build scripts and configuration run outside the product. */
export const isProduct = (file: SourceFile): boolean =>
  /^(apps|packages)\/[^/]+\/src\//.test(file.path) && !isTest(file)

/** All imports and re-exports of a file, `import('…')` included; comments are not looked into. */
export function importsOf({ path, text }: SourceFile): readonly Import[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
  const statements = code.matchAll(/^\s*(import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)
  const dynamic = code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)
  return [
    ...[...statements].map(([, , type, specifier = '']) => ({ file: path, specifier, typeOnly: type !== undefined })),
    ...[...dynamic].map(([, specifier = '']) => ({ file: path, specifier, typeOnly: false })),
  ]
}

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly exports?: unknown
}

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8')

export const readManifest = (folder: string): Manifest => JSON.parse(readText(`${folder}/package.json`)) as Manifest

export const foldersIn = (path: string): readonly string[] =>
  readdirSync(join(root, path)).filter((name) => statSync(join(root, path, name)).isDirectory())

/** The files directly in a folder, empty when the folder does not exist yet. */
export const filesIn = (path: string): readonly SourceFile[] =>
  sourceFiles.filter((file) => file.path.startsWith(`${path}/`) && !file.path.slice(path.length + 1).includes('/'))
