import { fileURLToPath } from 'node:url'
import { badAddress, parseEndpoint } from './hub-address.ts'
import { MAX_ADDRESS_LENGTH } from './limits.ts'
import { shownUrl } from './shown.ts'

/** An address by its kind; what a name or a page on the hub stands for is the reader's to say. */
export type RawAddress =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: URL }
  /** A page or file of the hub: the parts of its path, decoded. */
  | { readonly kind: 'hub-url'; readonly url: URL; readonly parts: readonly string[] }
  /** What follows `hf:` or `hf.co/`. */
  | { readonly kind: 'hub-name'; readonly name: string }

const HUB_PREFIX = /^(?:hf:(?:\/\/)?|(?:hf\.co|huggingface\.co)\/)/i
const HUB_HOSTS: ReadonlySet<string> = new Set(['huggingface.co', 'www.huggingface.co', 'hf.co'])
/** Two letters at least: `C:\models` is a path. */
const SCHEME = /^([a-z][a-z0-9+.-]+):\/\//i

/** Part of a repository's name, as the hub allows it. */
export const REPO_SEGMENT = '[A-Za-z0-9_][A-Za-z0-9._-]*'

/**
 * Tells paths, http(s) URLs and the hub's names and pages apart.
 *
 * @param endpoint the hub's base URL; its own URLs are recognized beside huggingface.co's
 * @throws SourceError `bad-address`
 */
export const classifyAddress = (text: string, endpoint: string): RawAddress => {
  const address = text.trim()
  if (address === '') throw badAddress(address, 'it is empty')
  if (address.length > MAX_ADDRESS_LENGTH) {
    throw badAddress(address, `it is longer than ${MAX_ADDRESS_LENGTH} characters`)
  }
  if (address.includes('\0')) throw badAddress(address, 'it holds a zero byte')
  const scheme = SCHEME.exec(address)?.[1]?.toLowerCase()
  if (scheme === 'http' || scheme === 'https') return classifyUrl(address, endpoint)
  if (scheme === 'file') return { kind: 'file', path: pathOf(address) }
  const onHub = HUB_PREFIX.exec(address)
  if (onHub !== null) return { kind: 'hub-name', name: address.slice(onHub[0].length) }
  if (scheme !== undefined) throw badAddress(address, `${scheme}: is not supported`)
  return { kind: 'file', path: address }
}

function pathOf(address: string): string {
  try {
    return fileURLToPath(address)
  } catch {
    throw badAddress(address, 'it is not a file URL')
  }
}

function classifyUrl(address: string, endpoint: string): RawAddress {
  if (!URL.canParse(address)) throw badAddress(address, 'it is not a URL')
  const url = new URL(address)
  if (url.username !== '' || url.password !== '') {
    throw badAddress(shownUrl(url), 'it carries a user name or password')
  }
  if (!HUB_HOSTS.has(url.host) && url.host !== parseEndpoint(endpoint).host) return { kind: 'url', url }
  const parts = url.pathname.split('/').filter((part) => part !== '')
  return { kind: 'hub-url', url, parts: parts.map((part) => decode(part, address)) }
}

function decode(part: string, address: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw badAddress(address, 'it is not properly percent-encoded')
  }
}

/**
 * The path as it is, if it leads straight down.
 *
 * @throws SourceError `bad-address`
 */
export const plainPath = (path: string, address: string): string => {
  const parts = path.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw badAddress(address, 'its path is not plain')
  }
  return path
}
