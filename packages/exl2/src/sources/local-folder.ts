import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { openFileSource, shown } from '@berth/sources'
import { Exl2Error } from '../errors.ts'
import type { Folder } from '../folder.ts'
import { MAX_FOLDER_ENTRIES } from '../limits.ts'

/** A folder of this machine. */
export const createLocalFolder = (path: string): Folder => ({
  address: path,
  list: () => listFolder(path),
  open: (name) => openFileSource(join(path, name)),
})

/** @throws Exl2Error `not-found`, `not-readable`, `limit-exceeded` */
async function listFolder(path: string): Promise<readonly string[]> {
  const address = shown(path)
  const names: string[] = []
  try {
    for await (const entry of await opendir(path)) {
      if (names.length === MAX_FOLDER_ENTRIES) {
        const field = `entries of ${address}`
        const found = names.length + 1
        throw new Exl2Error({ code: 'limit-exceeded', field, limit: MAX_FOLDER_ENTRIES, found })
      }
      // A link is followed when it is opened, and refused there if it leads to no file.
      names.push(entry.name)
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (error instanceof Exl2Error) throw error
    if (code === 'ENOENT') throw new Exl2Error({ code: 'not-found', address }, { cause: error })
    const problem = code === 'ENOTDIR' ? 'not a folder' : shown(code || String(error))
    throw new Exl2Error({ code: 'not-readable', address, problem }, { cause: error })
  }
  return names
}
