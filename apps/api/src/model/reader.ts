import { readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { isNoFolder, mayBeHubFolder, namesRevision, parseExl2Address, readExl2 } from '@berth/exl2'
import { isGgufError, parseAddress, readModel } from '@berth/gguf'
import { ApiError } from '../errors.ts'
import type { AddressGuard } from './address-guard.ts'
import type { Found } from './import.ts'

export interface ReadOptions {
  readonly token?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads a model's header from a path, a URL or a hub address, or throws a GgufError, an Exl2Error or an ApiError. Of a
 * folder, and of a repository that holds no GGUF file, it reads EXL2 or EXL3.
 */
export type ModelReader = (address: string, options: ReadOptions) => Promise<Found>

export interface ReaderOptions {
  /** Folders below which files may be read. */
  readonly modelDirs: readonly string[]
  readonly hfEndpoint: string
  /** For calls that bring no token of their own. */
  readonly hfToken: string | undefined
  readonly guard: AddressGuard
}

export function createModelReader({ modelDirs, hfEndpoint, hfToken, guard }: ReaderOptions): ModelReader {
  const common = ({ token, signal }: ReadOptions) => ({
    localFiles: true,
    endpoint: hfEndpoint,
    token: token ?? hfToken,
    signal,
    allowUrl: guard.allowUrl,
    fetch: guard.fetch,
  })

  const readFolder = async (address: string, options: ReadOptions): Promise<Found> => {
    const parsed = parseExl2Address(address, hfEndpoint)
    // Asked first, so that no answer tells what lies outside the folders.
    if (parsed.kind === 'folder') await assertFolderBelow(modelDirs, parsed.path)
    return { kind: 'folder', folder: await readExl2(address, common(options)) }
  }

  const readFile = async (address: string, options: ReadOptions): Promise<Found> => {
    const parsed = parseAddress(address, hfEndpoint)
    const file = await readModel(address, common(options))
    if (parsed.kind === 'file') {
      const folder = dirname(parsed.path)
      for (const { name } of file.shards) await assertBelow(modelDirs, join(folder, name))
    }
    return { kind: 'file', file }
  }

  return async (address, options) => {
    if (namesRevision(address, hfEndpoint)) return readFolder(address, options)
    const parsed = parseAddress(address, hfEndpoint)
    if (parsed.kind === 'file') {
      await assertBelow(modelDirs, parsed.path)
      return (await isFolder(parsed.path)) ? readFolder(address, options) : readFile(address, options)
    }
    try {
      return await readFile(address, options)
    } catch (error) {
      const isNoFile = isGgufError(error) && error.code === 'no-gguf-in-repo'
      if (!isNoFile || !mayBeHubFolder(address, hfEndpoint)) throw error
      return await readFolder(address, options).catch((other: unknown) => {
        // Of what is neither, that it holds no GGUF model is what there is to say.
        throw isNoFolder(other) ? error : other
      })
    }
  }
}

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

/** The folder, and what the links among the files that are read lead to. */
async function assertFolderBelow(folders: readonly string[], path: string): Promise<void> {
  await assertBelow(folders, path)
  const names = await readdir(path).catch(() => [])
  for (const name of names.filter((one) => /\.(?:json|safetensors)$/.test(one))) {
    await assertBelow(folders, join(path, name))
  }
}

/** The path itself and what its links lead to must both be below one of the folders. */
async function assertBelow(folders: readonly string[], path: string): Promise<void> {
  const refused = () =>
    new ApiError('path-not-allowed', `Files are read only below ${folders.join(', ')} (BERTH_MODEL_DIRS).`, {
      data: { folders },
    })
  const within = (place: string, roots: readonly string[]) =>
    roots.some((root) => place === root || place.startsWith(root.endsWith(sep) ? root : root + sep))
  if (!within(resolve(path), folders)) throw refused()
  const target = await realpath(path).catch(() => undefined)
  // A path that leads nowhere is left for the reader to report.
  if (target === undefined) return
  const roots = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)))
  if (!within(target, roots)) throw refused()
}
