import { SourceError } from './issue.ts'
import { shown, shownUrl } from './shown.ts'

export const DEFAULT_ENDPOINT = 'https://huggingface.co'

/** A file of a repository on the hub. */
export interface HubFile {
  readonly repo: string
  readonly revision: string
  readonly path: string
}

export const badAddress = (address: string, problem: string): SourceError =>
  new SourceError({ code: 'bad-address', address: shown(address), problem })

/**
 * The hub's base URL, without a slash at its end.
 *
 * @throws SourceError `bad-address`
 */
export const parseEndpoint = (text: string): URL => {
  if (!URL.canParse(text)) throw badAddress(text, 'the hub endpoint is not a URL')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw badAddress(text, 'the hub endpoint is not http(s)')
  if (url.username !== '' || url.password !== '') throw badAddress(shownUrl(url), 'the hub endpoint carries a password')
  return new URL(url.origin + url.pathname.replace(/\/+$/, ''))
}

/** The URL of a file on the hub. */
export const hubFileUrl = (endpoint: URL, file: HubFile): URL => {
  const path = file.path.split('/').map(encodeURIComponent).join('/')
  return new URL(`${hubBase(endpoint)}/${file.repo}/resolve/${encodeURIComponent(file.revision)}/${path}`)
}

export const hubBase = (endpoint: URL): string => endpoint.href.replace(/\/$/, '')
