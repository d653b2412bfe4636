import { fileURLToPath } from 'node:url'
import { GgufError, shown, shownUrl } from './errors.ts'
import { MAX_ADDRESS_LENGTH } from './limits.ts'

export const DEFAULT_ENDPOINT = 'https://huggingface.co'

/** Where a model is, as its address says it. */
export type Address =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: URL }
  | { readonly kind: 'hub-file'; readonly repo: string; readonly revision: string; readonly path: string }
  /** Without a quant: the repository's default one. */
  | { readonly kind: 'hub-quant'; readonly repo: string; readonly quant: string | undefined }

const SEGMENT = '[A-Za-z0-9_][A-Za-z0-9._-]*'
const REPO_AND_TAG = new RegExp(`^(${SEGMENT}/${SEGMENT}):([A-Za-z0-9._-]+)$`)
const REPO_AND_PATH = new RegExp(`^(${SEGMENT}/${SEGMENT})(?:/(.+))?$`)
const HUB_PREFIX = /^(?:hf:(?:\/\/)?|(?:hf\.co|huggingface\.co)\/)/i
const HUB_HOSTS: ReadonlySet<string> = new Set(['huggingface.co', 'www.huggingface.co', 'hf.co'])
/** Two letters at least: `C:\models` is a path. */
const SCHEME = /^([a-z][a-z0-9+.-]+):\/\//i

/**
 * Reads an address: a path, an http(s) URL, or a model on a Hugging Face hub (`hf:org/repo/file.gguf`,
 * `org/repo:Q4_K_M` with or without `hf:` or `hf.co/` before it, or a page or file URL of the hub). A path that looks
 * like `org/repo:tag` is written with `./` before it.
 *
 * @param endpoint the hub's base URL; its own URLs are recognized beside huggingface.co's
 * @throws GgufError `bad-address`
 */
export const parseAddress = (text: string, endpoint: string = DEFAULT_ENDPOINT): Address => {
  const address = text.trim()
  if (address === '') throw badAddress(address, 'it is empty')
  if (address.length > MAX_ADDRESS_LENGTH)
    throw badAddress(address, `it is longer than ${MAX_ADDRESS_LENGTH} characters`)
  if (address.includes('\0')) throw badAddress(address, 'it holds a zero byte')
  const scheme = SCHEME.exec(address)?.[1]?.toLowerCase()
  if (scheme === 'http' || scheme === 'https') return parseUrl(address, endpoint)
  if (scheme === 'file') return { kind: 'file', path: pathOf(address) }
  const onHub = HUB_PREFIX.exec(address)
  if (onHub !== null) return parseHub(address, address.slice(onHub[0].length))
  if (scheme !== undefined) throw badAddress(address, `${scheme}: is not supported`)
  return REPO_AND_TAG.test(address) ? parseHub(address, address) : { kind: 'file', path: address }
}

export const badAddress = (address: string, problem: string): GgufError =>
  new GgufError({ code: 'bad-address', address: shown(address), problem })

/** The hub's base URL, without a slash at its end. */
export const parseEndpoint = (text: string): URL => {
  if (!URL.canParse(text)) throw badAddress(text, 'the hub endpoint is not a URL')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw badAddress(text, 'the hub endpoint is not http(s)')
  if (url.username !== '' || url.password !== '') throw badAddress(shownUrl(url), 'the hub endpoint carries a password')
  return new URL(url.origin + url.pathname.replace(/\/+$/, ''))
}

function pathOf(address: string): string {
  try {
    return fileURLToPath(address)
  } catch {
    throw badAddress(address, 'it is not a file URL')
  }
}

function parseUrl(address: string, endpoint: string): Address {
  if (!URL.canParse(address)) throw badAddress(address, 'it is not a URL')
  const url = new URL(address)
  if (url.username !== '' || url.password !== '') {
    throw badAddress(shownUrl(url), 'it carries a user name or password')
  }
  if (HUB_HOSTS.has(url.host) || url.host === parseEndpoint(endpoint).host) {
    return parseHubUrl(url, address) ?? { kind: 'url', url }
  }
  return { kind: 'url', url }
}

/** `/org/repo`, `/org/repo/tree/…`, `/org/repo/blob/rev/path`, `/org/repo/resolve/rev/path`; anything else is a plain URL. */
function parseHubUrl(url: URL, address: string): Address | undefined {
  const [org, name, ...rest] = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map((part) => decode(part, address))
  const repo = `${org}/${name}`
  if (REPO_AND_TAG.test(repo)) return parseHub(address, repo)
  if (!REPO_AND_PATH.test(repo)) return undefined
  const [verb, revision, ...path] = rest
  if (verb === undefined || verb === 'tree') return { kind: 'hub-quant', repo, quant: undefined }
  if ((verb !== 'blob' && verb !== 'resolve' && verb !== 'raw') || revision === undefined || path.length === 0) {
    return undefined
  }
  return { kind: 'hub-file', repo, revision, path: hubPath(path.join('/'), address) }
}

function decode(part: string, address: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw badAddress(address, 'it is not properly percent-encoded')
  }
}

function parseHub(address: string, rest: string): Address {
  const tagged = REPO_AND_TAG.exec(rest)
  if (tagged !== null) return { kind: 'hub-quant', repo: tagged[1]!, quant: tagged[2]! }
  const [, repo, path] = REPO_AND_PATH.exec(rest.replace(/\/$/, '')) ?? []
  if (repo === undefined) throw badAddress(address, 'expected org/repo:QUANT or org/repo/file.gguf')
  if (path === undefined) return { kind: 'hub-quant', repo, quant: undefined }
  return { kind: 'hub-file', repo, revision: 'main', path: hubPath(path, address) }
}

function hubPath(path: string, address: string): string {
  const parts = path.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw badAddress(address, 'its path is not plain')
  }
  return path
}

/** The URL of a file on the hub. */
export const hubFileUrl = (endpoint: URL, file: Extract<Address, { kind: 'hub-file' }>): URL => {
  const path = file.path.split('/').map(encodeURIComponent).join('/')
  return hubUrl(endpoint, `${file.repo}/resolve/${encodeURIComponent(file.revision)}/${path}`)
}

export const hubUrl = (endpoint: URL, path: string): URL => new URL(`${endpoint.href.replace(/\/$/, '')}/${path}`)
