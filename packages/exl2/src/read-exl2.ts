import { createHash } from 'node:crypto'
import { bytes as asBytes, type Bytes, type Exl2Header, type JsonObject, sumBytes } from '@berth/core'
import {
  createTransport,
  DEFAULT_ENDPOINT,
  type Hub,
  parseEndpoint,
  shown,
  type TransportOptions,
  untilSettled,
} from '@berth/sources'
import { folderName, parseExl2Address } from './address.ts'
import { Exl2Error, ownError } from './errors.ts'
import type { Folder } from './folder.ts'
import { MAX_FILES, MAX_HEADER_BYTES } from './limits.ts'
import { mergeTensors, readHeaders } from './read-headers.ts'
import { readJson } from './read-json.ts'
import { assertComplete } from './shards.ts'
import { createHubFolder } from './sources/hub-folder.ts'
import { createLocalFolder } from './sources/local-folder.ts'

export interface ReadExl2Options extends TransportOptions {
  /** Whether the address may be a path on this machine. A server that reads for others says no. */
  readonly localFiles: boolean
  /** The hub's base URL (`HF_ENDPOINT`); huggingface.co if absent. */
  readonly endpoint?: string | undefined
  /** Sent to the hub's own origin and to no other. */
  readonly token?: string | undefined
  /** The header of one file may take up to this many bytes; 32 MiB if absent. */
  readonly maxHeaderBytes?: Bytes | undefined
}

/** A model as its folder describes it, nothing of its tensor data read. `describeExl2` makes a model of `header`. */
export interface Exl2Folder {
  /** As it was asked for, resolved: a path, or the page of a folder on the hub. */
  readonly address: string
  /** `config.json` names no model; see `folderName`. */
  readonly name: string
  /** Every safetensors file, by name: ExLlama loads them all, whatever an index says. */
  readonly files: readonly Exl2File[]
  readonly fileBytes: Bytes
  readonly header: Exl2Header
  /** Of `header`, in hexadecimal: equal for equal models wherever they were read. */
  readonly sha256: string
  /** HTTP requests sent, redirects included. */
  readonly requests: number
}

export interface Exl2File {
  readonly name: string
  readonly bytes: Bytes
}

/**
 * Reads an EXL2 or EXL3 model's folder, from a path or from the hub (see `parseExl2Address`): `config.json` and the
 * headers of its safetensors files. `model.safetensors.index.json` is left alone, as ExLlama leaves it: EXL2 folders often
 * still hold the one of the model they were made from.
 *
 * @throws Exl2Error with one code for each way an address, a server or a file can be wrong
 */
export const readExl2 = async (address: string, options: ReadExl2Options): Promise<Exl2Folder> => {
  try {
    return await untilSettled(options.signal, (signal) => readFrom(address, { ...options, signal }))
  } catch (error) {
    throw ownError(error)
  }
}

async function readFrom(address: string, options: ReadExl2Options): Promise<Exl2Folder> {
  const endpoint = parseEndpoint(options.endpoint ?? DEFAULT_ENDPOINT)
  const transport = createTransport(options)
  const hub: Hub = { transport, endpoint, token: options.token }
  const parsed = parseExl2Address(address, endpoint.href)
  if (parsed.kind === 'folder' && !options.localFiles) {
    throw new Exl2Error({ code: 'address-refused', address: shown(address), problem: 'paths are not read here' })
  }
  const folder = parsed.kind === 'folder' ? createLocalFolder(parsed.path) : createHubFolder(hub, parsed)
  const names = await folder.list()
  const files = safetensorsFiles(folder, names)
  const config = await readJson(folder, 'config.json')
  const quantization = await readQuantization(folder, names, config)
  const headers = await readHeaders(folder, files, options.maxHeaderBytes ?? asBytes(MAX_HEADER_BYTES))
  const header: Exl2Header = { config, quantization, tensors: mergeTensors(headers) }
  return {
    address: folder.address,
    name: folderName(parsed),
    files: headers.map(({ fileName, fileBytes }) => ({ name: fileName, bytes: asBytes(fileBytes) })),
    fileBytes: sumBytes(headers.map(({ fileBytes }) => asBytes(fileBytes))),
    header,
    sha256: createHash('sha256').update(JSON.stringify(header)).digest('hex'),
    requests: transport.requests(),
  }
}

function safetensorsFiles(folder: Folder, names: readonly string[]): readonly string[] {
  const address = shown(folder.address)
  if (!names.includes('config.json')) throw new Exl2Error({ code: 'no-config', address })
  const files = names.filter((name) => name.endsWith('.safetensors')).toSorted()
  if (files.length === 0) throw new Exl2Error({ code: 'no-safetensors', address })
  if (files.length > MAX_FILES) {
    const field = `safetensors files in ${address}`
    throw new Exl2Error({ code: 'limit-exceeded', field, limit: MAX_FILES, found: files.length })
  }
  assertComplete(files)
  return files
}

/** What the converter wrote into `config.json`, or beside it; without the list of tensors that the headers give. */
async function readQuantization(folder: Folder, names: readonly string[], config: JsonObject): Promise<JsonObject> {
  const stated = config['quantization_config']
  if (typeof stated === 'object' && stated !== null && !Array.isArray(stated)) return stated as JsonObject
  if (!names.includes('quantization_config.json')) return {}
  const { tensor_storage: _, ...quantization } = await readJson(folder, 'quantization_config.json')
  return quantization
}
