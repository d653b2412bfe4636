import { badAddress, classifyAddress, DEFAULT_ENDPOINT, plainPath, REPO_SEGMENT } from '@berth/sources'
import { ownError } from './errors.ts'

/** Where a model is, as its address says it. */
export type Address =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: URL }
  | { readonly kind: 'hub-file'; readonly repo: string; readonly revision: string; readonly path: string }
  /** Without a quant: the repository's default one. */
  | { readonly kind: 'hub-quant'; readonly repo: string; readonly quant: string | undefined }

const REPO_AND_TAG = new RegExp(`^(${REPO_SEGMENT}/${REPO_SEGMENT}):([A-Za-z0-9._-]+)$`)
const REPO_AND_PATH = new RegExp(`^(${REPO_SEGMENT}/${REPO_SEGMENT})(?:/(.+))?$`)

/**
 * Reads an address: a path, an http(s) URL, or a model on a Hugging Face hub (`hf:org/repo/file.gguf`,
 * `org/repo:Q4_K_M` with or without `hf:` or `hf.co/` before it, or a page or file URL of the hub). A path that looks
 * like `org/repo:tag` is written with `./` before it.
 *
 * @param endpoint the hub's base URL; its own URLs are recognized beside huggingface.co's
 * @throws GgufError `bad-address`
 */
export const parseAddress = (text: string, endpoint: string = DEFAULT_ENDPOINT): Address => {
  try {
    return parse(text.trim(), endpoint)
  } catch (error) {
    throw ownError(error)
  }
}

function parse(address: string, endpoint: string): Address {
  const raw = classifyAddress(address, endpoint)
  switch (raw.kind) {
    case 'file':
      return raw.path === address && REPO_AND_TAG.test(address) ? parseHub(address, address) : raw
    case 'url':
      return raw
    case 'hub-url':
      return parseHubPage(raw.parts, address) ?? { kind: 'url', url: raw.url }
    case 'hub-name':
      return parseHub(address, raw.name)
  }
}

/** `/org/repo`, `/org/repo/tree/…`, `/org/repo/blob/rev/path`, `/org/repo/resolve/rev/path`; anything else is a plain URL. */
function parseHubPage([org, name, ...rest]: readonly string[], address: string): Address | undefined {
  const repo = `${org}/${name}`
  if (name === undefined) return undefined
  if (REPO_AND_TAG.test(repo)) return parseHub(address, repo)
  if (!REPO_AND_PATH.test(repo)) return undefined
  const [verb, revision, ...path] = rest
  if (verb === undefined || verb === 'tree') return { kind: 'hub-quant', repo, quant: undefined }
  if ((verb !== 'blob' && verb !== 'resolve' && verb !== 'raw') || revision === undefined || path.length === 0) {
    return undefined
  }
  return { kind: 'hub-file', repo, revision, path: plainPath(path.join('/'), address) }
}

function parseHub(address: string, rest: string): Address {
  const tagged = REPO_AND_TAG.exec(rest)
  if (tagged !== null) return { kind: 'hub-quant', repo: tagged[1]!, quant: tagged[2]! }
  const [, repo, path] = REPO_AND_PATH.exec(rest.replace(/\/$/, '')) ?? []
  if (repo === undefined) throw badAddress(address, 'expected org/repo:QUANT or org/repo/file.gguf')
  if (path === undefined) return { kind: 'hub-quant', repo, quant: undefined }
  return { kind: 'hub-file', repo, revision: 'main', path: plainPath(path, address) }
}
