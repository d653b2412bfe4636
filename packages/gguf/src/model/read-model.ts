import { bytes as asBytes, type Bytes } from '@berth/core'
import {
  badAddress,
  createHttpSource,
  createTransport,
  DEFAULT_ENDPOINT,
  type HeadSource,
  type Hub,
  hubError,
  hubFileUrl,
  hubToken,
  isSourceError,
  openFileSource,
  PARALLEL_FILES,
  parseEndpoint,
  shown,
  shownUrl,
  type TransportOptions,
  untilSettled,
} from '@berth/sources'
import { type Address, parseAddress } from '../address.ts'
import { GgufError, ownError } from '../errors.ts'
import { readHeader } from '../header/read-header.ts'
import { HTTP_STEPS, MAX_HEADER_BYTES, MAX_SHARD_HEADERS_RATIO } from '../limits.ts'
import { resolveQuant } from '../sources/hub.ts'
import { assembleModel, type ModelFile, type NamedHeader } from './model-file.ts'
import { shardNames, splitOf } from './shards.ts'

export interface ReadOptions extends TransportOptions {
  /** Whether the address may be a path on this machine. A server that reads for others says no. */
  readonly localFiles: boolean
  /** The hub's base URL (`HF_ENDPOINT`); huggingface.co if absent. */
  readonly endpoint?: string | undefined
  /** Sent to the hub's own origin and to no other. */
  readonly token?: string | undefined
  /** A header may take up to this many bytes; 64 MiB if absent. */
  readonly maxHeaderBytes?: Bytes | undefined
}

/**
 * Reads a model's header, all shards together, from a path, an http(s) URL or a hub address (see `parseAddress`).
 * Any one shard's address stands for the whole.
 *
 * @throws GgufError with one code for each way an address, a server or a file can be wrong
 */
export const readModel = async (address: string, options: ReadOptions): Promise<ModelFile> => {
  try {
    return await untilSettled(options.signal, (signal) => readFrom(address, { ...options, signal }))
  } catch (error) {
    throw ownError(error)
  }
}

async function readFrom(address: string, options: ReadOptions): Promise<ModelFile> {
  const endpoint = parseEndpoint(options.endpoint ?? DEFAULT_ENDPOINT)
  const transport = createTransport(options)
  const hub: Hub = { transport, endpoint, token: options.token }
  const parsed = parseAddress(address, endpoint.href)
  if (parsed.kind === 'file' && !options.localFiles) {
    throw new GgufError({ code: 'address-refused', address: shown(address), problem: 'paths are not read here' })
  }
  const location = await locate(parsed, hub)
  const maxHeaderBytes = options.maxHeaderBytes ?? asBytes(MAX_HEADER_BYTES)
  const read = async (fileName: string): Promise<NamedHeader> => {
    const source = await openSource(location, { fileName, hub, maxHeaderBytes })
    return { fileName, ...(await readHeader(source, { maxHeaderBytes })) }
  }
  const headers = await readShards(await read(location.fileName), read, maxHeaderBytes)
  return assembleModel(headers, { address: location.shown, requests: transport.requests() })
}

/** A file and its folder, so that its shards can be found beside it. */
interface Location {
  readonly kind: 'file' | 'url'
  readonly fileName: string
  readonly beside: (fileName: string) => string
  readonly shown: string
  readonly repo: string | undefined
}

async function locate(address: Address, hub: Hub): Promise<Location> {
  switch (address.kind) {
    case 'file': {
      const fileName = address.path.split(/[/\\]/).at(-1) ?? ''
      const folder = address.path.slice(0, address.path.length - fileName.length)
      return { kind: 'file', fileName, beside: (name) => folder + name, shown: address.path, repo: undefined }
    }
    case 'url':
      return locateUrl(address.url, undefined)
    case 'hub-file':
      return locateUrl(hubFileUrl(hub.endpoint, address), address.repo)
    case 'hub-quant': {
      const file = await resolveQuant(hub, address)
      return locateUrl(hubFileUrl(hub.endpoint, file), file.repo)
    }
  }
}

function locateUrl(url: URL, repo: string | undefined): Location {
  const slash = url.pathname.lastIndexOf('/') + 1
  const folder = url.pathname.slice(0, slash)
  const beside = (name: string): string => {
    const sibling = new URL(url.href)
    sibling.pathname = folder + encodeURIComponent(name)
    return sibling.href
  }
  return { kind: 'url', fileName: decodeName(url.pathname.slice(slash)), beside, shown: shownUrl(url), repo }
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    throw badAddress(name, 'it is not properly percent-encoded')
  }
}

interface Opening {
  readonly fileName: string
  readonly hub: Hub
  readonly maxHeaderBytes: number
}

async function openSource(location: Location, { fileName, hub, maxHeaderBytes }: Opening): Promise<HeadSource> {
  if (location.kind === 'file') return openFileSource(location.beside(fileName))
  const { repo } = location
  const url = new URL(location.beside(fileName))
  return createHttpSource({
    transport: hub.transport,
    url,
    token: hubToken(hub, url),
    fileName,
    steps: HTTP_STEPS,
    maxHeaderBytes,
    explainStatus: repo === undefined ? undefined : (error, response) => hubError(repo, error, response),
  })
}

/** The headers of all shards in order, given any one of them. */
async function readShards(
  given: NamedHeader,
  read: (fileName: string) => Promise<NamedHeader>,
  maxHeaderBytes: number,
): Promise<[NamedHeader, ...NamedHeader[]]> {
  const split = splitOf(given)
  if (split === undefined) return [given]
  const names = shardNames(given.fileName, split)
  const headers: NamedHeader[] = []
  let total = given.walked.headerEnd
  const limit = MAX_SHARD_HEADERS_RATIO * maxHeaderBytes
  let next = 0
  const readOn = async (): Promise<void> => {
    for (let index = next++; index < names.length; index = next++) {
      if (index === split.index) continue
      const header = await readShard(names[index]!, { read, number: index + 1, count: names.length })
      headers[index] = header
      total += header.walked.headerEnd
      if (total > limit) {
        throw new GgufError({ code: 'header-too-large', field: 'the shards together', limit, needed: total })
      }
    }
  }
  headers[split.index] = given
  await Promise.all(Array.from({ length: PARALLEL_FILES }, readOn))
  return headers as [NamedHeader, ...NamedHeader[]]
}

interface ShardReading {
  readonly read: (fileName: string) => Promise<NamedHeader>
  readonly number: number
  readonly count: number
}

async function readShard(name: string, { read, number, count }: ShardReading): Promise<NamedHeader> {
  try {
    return await read(name)
  } catch (error) {
    if (!isSourceError(error) || error.code !== 'not-found') throw error
    throw new GgufError({ code: 'missing-shard', shard: shown(name), number, count }, { cause: error })
  }
}
