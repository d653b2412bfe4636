import type { ModelSource } from '@berth/core'
import { badAddress, classifyAddress, DEFAULT_ENDPOINT, isSourceError, plainPath, REPO_SEGMENT } from '@berth/sources'
import { ownError } from './errors.ts'

/** Where a model's folder is, as its address says it. */
export type Exl2Address =
  | { readonly kind: 'folder'; readonly path: string }
  /** `folder` is empty for the repository's own. */
  | { readonly kind: 'hub-folder'; readonly repo: string; readonly revision: string; readonly folder: string }

const REVISION = 'main'
const REPO = new RegExp(`^${REPO_SEGMENT}/${REPO_SEGMENT}$`)
/** A branch is commonly named by its bits: `org/repo@4.0bpw/folder`. */
const NAME = new RegExp(`^(${REPO_SEGMENT}/${REPO_SEGMENT})(?:@([A-Za-z0-9._-]+))?(?:/(.+?))?/?$`)

/** What no path looks like, and no GGUF file is called: a repository at a revision. */
const NAME_AT_REVISION = new RegExp(`^${REPO_SEGMENT}/${REPO_SEGMENT}@[A-Za-z0-9._-]+(?:/|$)`)

/**
 * Reads the address of a model's folder: a path, `hf:org/repo`, `org/repo@revision` with or without `hf:` before it,
 * either with a folder behind it, or the URL of a repository's page on the hub (`…/tree/revision/folder`).
 *
 * @param endpoint the hub's base URL; its own URLs are recognized beside huggingface.co's
 * @throws Exl2Error `bad-address`
 */
export const parseExl2Address = (text: string, endpoint: string = DEFAULT_ENDPOINT): Exl2Address => {
  try {
    return parse(text.trim(), endpoint)
  } catch (error) {
    throw ownError(error)
  }
}

function parse(address: string, endpoint: string): Exl2Address {
  const raw = classifyAddress(address, endpoint)
  switch (raw.kind) {
    case 'file':
      return raw.path === address && NAME_AT_REVISION.test(address)
        ? onHub(address, address)
        : { kind: 'folder', path: raw.path }
    case 'url':
      throw badAddress(address, 'a folder is read from a path or from the hub, not from a plain URL')
    case 'hub-url':
      return fromPage(raw.parts, address)
    case 'hub-name':
      return onHub(address, raw.name)
  }
}

function onHub(address: string, name: string): Exl2Address {
  const [, repo, revision = REVISION, folder = ''] = NAME.exec(name) ?? []
  if (repo === undefined) throw badAddress(address, 'expected org/repo, org/repo@revision or org/repo/folder')
  return { kind: 'hub-folder', repo, revision, folder: folder === '' ? '' : plainPath(folder, address) }
}

/**
 * Whether an address that may be of any format names a folder at a revision, as EXL2 and EXL3 are published. False for
 * what is no address of a folder at all.
 */
export function namesRevision(text: string, endpoint: string = DEFAULT_ENDPOINT): boolean {
  const parsed = parsedIfAny(text, endpoint)
  if (parsed?.kind !== 'hub-folder') return false
  return parsed.revision !== REVISION || /^[^@]+@main(?:\/|$)/.test(text.trim())
}

/** Whether an address that may be of any format could be read as a folder on the hub. */
export const mayBeHubFolder = (text: string, endpoint: string = DEFAULT_ENDPOINT): boolean =>
  parsedIfAny(text, endpoint)?.kind === 'hub-folder'

function parsedIfAny(text: string, endpoint: string): Exl2Address | undefined {
  try {
    return parse(text.trim(), endpoint)
  } catch (error) {
    if (isSourceError(error)) return undefined
    throw error
  }
}

/** Where an engine finds the folder: a repository's as it names it, one within a repository by its own name alone. */
export function folderSource(address: Exl2Address): ModelSource {
  if (address.kind === 'folder') return { kind: 'path', path: address.path }
  const { repo, revision, folder } = address
  return folder === ''
    ? { kind: 'hub', repository: repo, revision }
    : { kind: 'path', path: `models/${folderName(address)}` }
}

/** What a model is called whose config names none: its folder, or its repository and the revision that names its bits. */
export function folderName(address: Exl2Address): string {
  if (address.kind === 'folder') return lastOf(address.path)
  const { repo, revision, folder } = address
  const name = lastOf(folder === '' ? repo : folder)
  return revision === REVISION ? name : `${name} ${revision}`
}

const lastOf = (path: string): string => path.split(/[/\\]/).findLast((part) => part !== '') ?? path

function fromPage([org, name, verb, revision, ...folder]: readonly string[], address: string): Exl2Address {
  const repo = `${org}/${name}`
  if (name === undefined || !REPO.test(repo)) throw badAddress(address, 'it is not the page of a repository')
  if (verb === undefined) return { kind: 'hub-folder', repo, revision: REVISION, folder: '' }
  if (verb !== 'tree' || revision === undefined) {
    throw badAddress(address, 'it is not the page of a folder; expected …/tree/revision')
  }
  return { kind: 'hub-folder', repo, revision, folder: folder.length === 0 ? '' : plainPath(folder.join('/'), address) }
}
