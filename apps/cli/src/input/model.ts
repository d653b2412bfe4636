import { stat } from 'node:fs/promises'
import { catalogueHeader, findCatalogueModel } from '@berth/catalogue'
import {
  type Alternative,
  type AnyModel,
  catalogueSource,
  describeExl2,
  describeModel,
  explainDescribeIssue,
  explainExl2Issue,
  type GgufHeader,
  isExl2Model,
  type Mix,
  mixOf,
  type Model,
  type ModelSource,
} from '@berth/core'
import {
  folderSource,
  isExl2Error,
  isNoFolder,
  mayBeHubFolder,
  namesRevision,
  parseExl2Address,
  readExl2,
} from '@berth/exl2'
import { type Address, isGgufError, parseAddress, readModel } from '@berth/gguf'
import type { Environment } from '../env.ts'
import { Failure, printable } from '../failure.ts'

/** A model to plan for, and where the command will find it. */
export interface ModelRead {
  readonly model: AnyModel
  /** What it is called. */
  readonly name: string
  readonly source: ModelSource
  /** The mix that the file says it is. */
  readonly mix?: Mix
  /** Other mixes of a catalogue model. */
  readonly alternatives?: () => readonly Alternative[]
}

/** A model that is a GGUF file. */
export interface FileRead extends ModelRead {
  readonly model: Model
}

export const CATALOGUE = 'catalogue:'

/**
 * Reads `catalogue:<id>:<MIX>`, a path, a URL, or a hub address; of a file only its header. A folder, and a repository at a
 * revision or without a GGUF file, is read as EXL2 or EXL3.
 * @throws Failure that begins with the option that names it
 */
export async function readModelFrom(
  address: string,
  environment: Environment,
  subject = '--model',
): Promise<ModelRead> {
  if (address.startsWith(CATALOGUE)) return fromCatalogue(address, subject)
  try {
    return await fromAddress(address, environment, subject)
  } catch (error) {
    if (isExl2Error(error) || isGgufError(error)) throw new Failure(`${subject}: ${printable(error.message, 600)}`)
    throw error
  }
}

async function fromAddress(address: string, environment: Environment, subject: string): Promise<ModelRead> {
  const { endpoint } = environment
  if (namesRevision(address, endpoint)) return fromFolder(address, environment, subject)
  const parsed = parseAddress(address, endpoint)
  if (parsed.kind === 'file' && (await isFolder(parsed.path))) return fromFolder(address, environment, subject)
  try {
    return await fromFile(parsed, address, environment, subject)
  } catch (error) {
    const isNoFile = isGgufError(error) && error.code === 'no-gguf-in-repo'
    if (!isNoFile || !mayBeHubFolder(address, endpoint)) throw error
    return await fromFolder(address, environment, subject).catch((other: unknown) => {
      // Of what is neither, that it holds no GGUF model is what there is to say.
      throw isNoFolder(other) ? error : other
    })
  }
}

/** @throws Failure where the model is no GGUF file */
export async function readFileFrom(address: string, environment: Environment, subject?: string): Promise<FileRead> {
  const read = await readModelFrom(address, environment, subject)
  return requireFile(read, subject)
}

/** @throws Failure where the model is no GGUF file */
export function requireFile({ model, ...read }: ModelRead, subject = '--model'): FileRead {
  if (isExl2Model(model)) throw new Failure(`${subject}: a GGUF file is needed for this, and ${read.name} is a folder`)
  return { ...read, model }
}

async function fromFile(
  parsed: Address,
  address: string,
  environment: Environment,
  subject: string,
): Promise<FileRead> {
  const { header, fileName } = await readModel(address, { ...environment, localFiles: true })
  const mix = mixOf(header)
  const model = described(header, subject)
  return { model, name: model.name, source: sourceOf(parsed, fileName), ...(mix && { mix }) }
}

async function fromFolder(address: string, environment: Environment, subject: string): Promise<ModelRead> {
  const { header, name } = await readExl2(address, { ...environment, localFiles: true })
  const result = describeExl2(header)
  if (!result.ok) throw new Failure(`${subject}: ${printable(explainExl2Issue(result.issue), 400)}`)
  return { model: result.value, name, source: folderSource(parseExl2Address(address, environment.endpoint)) }
}

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

function fromCatalogue(address: string, subject: string): FileRead {
  const [id = '', mix = ''] = address.slice(CATALOGUE.length).split(':')
  const model = findCatalogueModel(id)
  if (model === undefined) {
    throw new Failure(`${subject}: the catalogue has no "${printable(id)}"; \`berth models\` lists what it has`)
  }
  const known = model.mixes.find((each) => each === mix)
  if (known === undefined) {
    throw new Failure(`${subject}: ${id} has no mix "${printable(mix)}"; it has ${model.mixes.join(', ')}`)
  }
  let alternatives: readonly Alternative[] | undefined
  return {
    model: described(catalogueHeader(model, known), subject),
    name: `${model.name} ${known}`,
    source: catalogueSource(id, known),
    mix: known,
    // Every machine asks anew, and a mix takes a moment to make.
    alternatives: () =>
      (alternatives ??= model.mixes.map((name) => ({
        ...{ name, mix: name },
        model: described(catalogueHeader(model, name), subject),
      }))),
  }
}

export function described(header: GgufHeader, subject: string): Model {
  const result = describeModel(header)
  if (!result.ok) throw new Failure(`${subject}: ${printable(explainDescribeIssue(result.issue), 400)}`)
  return result.value
}

/** A plain URL is no place an engine loads from: the command names the file it will have become. */
function sourceOf(address: Address, fileName: string): ModelSource {
  if (address.kind === 'file') return { kind: 'path', path: address.path }
  if (address.kind === 'url') return { kind: 'path', path: fileName }
  if (address.kind === 'hub-file') return { kind: 'hub', repository: address.repo, file: address.path }
  const { repo, quant } = address
  return { kind: 'hub', repository: repo, ...(quant !== undefined && { quantization: quant }) }
}
