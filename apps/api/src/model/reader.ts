import { realpath } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { type ModelFile, parseAddress, readModel } from '@berth/gguf'
import { ApiError } from '../errors.ts'
import type { AddressGuard } from './address-guard.ts'

export interface ReadOptions {
  readonly token?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** Reads a model's header from a path, a URL or a hub address, or throws a GgufError or ApiError. */
export type ModelReader = (address: string, options: ReadOptions) => Promise<ModelFile>

export interface ReaderOptions {
  /** Folders below which files may be read. */
  readonly modelDirs: readonly string[]
  readonly hfEndpoint: string
  /** For calls that bring no token of their own. */
  readonly hfToken: string | undefined
  readonly guard: AddressGuard
}

export function createModelReader({ modelDirs, hfEndpoint, hfToken, guard }: ReaderOptions): ModelReader {
  return async (address, { token, signal }) => {
    const parsed = parseAddress(address, hfEndpoint)
    // Asked first, so that no answer tells what lies outside the folders.
    if (parsed.kind === 'file') await assertBelow(modelDirs, parsed.path)
    const file = await readModel(address, {
      localFiles: true,
      endpoint: hfEndpoint,
      token: token ?? hfToken,
      signal,
      allowUrl: guard.allowUrl,
      fetch: guard.fetch,
    })
    if (parsed.kind === 'file') {
      const folder = dirname(parsed.path)
      for (const { name } of file.shards) await assertBelow(modelDirs, join(folder, name))
    }
    return file
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
