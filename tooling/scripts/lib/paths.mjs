import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../../..')

/** What these scripts remember between runs; goes away with node_modules. */
export const stateFolder = join(root, 'node_modules', '.berth')

/** The workspace's package folders, relative to the root, as pnpm-workspace.yaml's globs find them. */
export function packageFolders() {
  return ['apps', 'packages', 'tooling'].flatMap((group) =>
    readdirSync(join(root, group))
      .map((name) => `${group}/${name}`)
      .filter((folder) => existsSync(join(root, folder, 'package.json')))
      .toSorted(),
  )
}
