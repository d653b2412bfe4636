import { catalogueHeader, findCatalogueModel } from '@berth/catalogue'
import {
  type Alternative,
  describeModel,
  explainDescribeIssue,
  type GgufHeader,
  type Mix,
  mixOf,
  type Model,
  type ModelSource,
} from '@berth/core'
import { type Address, GgufError, parseAddress, readModel } from '@berth/gguf'
import type { Environment } from '../env.ts'
import { Failure, printable } from '../failure.ts'

/** A model to plan for, and where the command will find its file. */
export interface ModelRead {
  readonly model: Model
  readonly source: ModelSource
  /** The mix that the file says it is. */
  readonly mix?: Mix
  /** Other mixes of a catalogue model. */
  readonly alternatives?: () => readonly Alternative[]
}

export const CATALOGUE = 'catalogue:'

/**
 * Reads `catalogue:<id>:<MIX>`, a path, a URL, or a hub address; of a file only its header.
 * @throws Failure that begins with the option that names it
 */
export async function readModelFrom(
  address: string,
  environment: Environment,
  subject = '--model',
): Promise<ModelRead> {
  if (address.startsWith(CATALOGUE)) return fromCatalogue(address, subject)
  try {
    const parsed = parseAddress(address, environment.endpoint)
    const { header, fileName } = await readModel(address, { ...environment, localFiles: true })
    const mix = mixOf(header)
    return { model: described(header, subject), source: sourceOf(parsed, fileName), ...(mix && { mix }) }
  } catch (error) {
    if (error instanceof GgufError) throw new Failure(`${subject}: ${printable(error.message, 600)}`)
    throw error
  }
}

function fromCatalogue(address: string, subject: string): ModelRead {
  const [id = '', mix = ''] = address.slice(CATALOGUE.length).split(':')
  const model = findCatalogueModel(id)
  if (model === undefined) {
    throw new Failure(`${subject}: the catalogue has no "${printable(id)}"; \`berth models\` lists what it has`)
  }
  const known = model.mixes.find((each) => each === mix)
  if (known === undefined) {
    throw new Failure(`${subject}: ${id} has no mix "${printable(mix)}"; it has ${model.mixes.join(', ')}`)
  }
  return {
    model: described(catalogueHeader(model, known), subject),
    source: { kind: 'path', path: `${id}-${known}.gguf` },
    mix: known,
    alternatives: () => model.mixes.map((name) => ({ name, model: described(catalogueHeader(model, name), subject) })),
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
