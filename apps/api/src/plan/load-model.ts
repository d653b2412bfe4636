import { type CatalogueModel, catalogueHeader, findCatalogueModel } from '@berth/catalogue'
import {
  describeModel,
  explainDescribeIssue,
  type GgufHeader,
  type Mix,
  type Model,
  type ModelSource,
} from '@berth/core'
import { parseAddress } from '@berth/gguf'
import type { Queries } from '../db.ts'
import { ApiError, notFound } from '../errors.ts'
import { findModel, findOtherFiles } from '../model/repository.ts'
import type { Question } from './judge.ts'
import type { ModelRef } from './schema.ts'

export interface LoadedModel extends Pick<Question, 'header' | 'source'>, Required<Pick<Question, 'otherFiles'>> {
  readonly name: string
  readonly model: Model
}

/** @throws {ApiError} `not-found` or `unknown-model`. */
export async function loadModel(db: Queries, teamId: string, ref: ModelRef): Promise<LoadedModel> {
  if (ref.kind === 'catalogue') return fromCatalogue(ref)
  const found = await findModel(db, teamId, ref.id)
  if (found === undefined) throw notFound('model', ref.id)
  const { name, address, fileName } = found.view
  const { header } = found
  const files = await findOtherFiles(db, teamId, found.view)
  const otherFiles = { kind: 'files', files } as const
  return { name, header, model: described(header), source: sourceOf(address, fileName), otherFiles }
}

/** What an answer says of the model it is about. */
export const summaryOf = ({ name, model: { architecture, weightBytes } }: LoadedModel) => ({
  name,
  architecture,
  weightBytes,
})

/** The name to show for a reference whose model was not loaded. */
export const nameOf = (ref: ModelRef, storedName: string | undefined): string =>
  ref.kind === 'stored' ? (storedName ?? ref.id) : `${findCatalogueModel(ref.id)?.name ?? ref.id} ${ref.mix}`

function fromCatalogue({ id, mix }: Extract<ModelRef, { kind: 'catalogue' }>): LoadedModel {
  const entry = catalogueEntry(id)
  const known = catalogueMix(entry, mix)
  const header = catalogueHeader(entry, known)
  return {
    header,
    model: described(header),
    name: `${entry.name} ${known}`,
    source: catalogueSource(id, known),
    otherFiles: { kind: 'mixes', id },
  }
}

/** @throws {ApiError} `unknown-model` */
export function catalogueEntry(id: string): CatalogueModel {
  const entry = findCatalogueModel(id)
  if (entry === undefined) throw new ApiError('unknown-model', `The catalogue has no model ${id}.`, { data: { id } })
  return entry
}

/** @throws {ApiError} `unknown-model`, naming the mixes that it has. */
export function catalogueMix({ id, name, mixes }: CatalogueModel, mix: string): Mix {
  const known = mixes.find((one) => one === mix)
  if (known !== undefined) return known
  throw new ApiError('unknown-model', `${name} is offered as ${mixes.join(', ')}, not as ${mix}.`, {
    data: { id, mix, mixes },
  })
}

/** The file that the model would be in. */
export const catalogueSource = (id: string, mix: Mix): ModelSource => ({ kind: 'path', path: `${id}-${mix}.gguf` })

/** What was described when it was saved; a newer version may be stricter. */
function described(header: GgufHeader): Model {
  const result = describeModel(header)
  if (result.ok) return result.value
  throw new ApiError(`describe-${result.issue.code}`, explainDescribeIssue(result.issue), { data: result.issue })
}

/** A file of the hub is named so that the engine can fetch it; a file of any other server lies where the reader puts it. */
export function sourceOf(address: string, fileName: string): ModelSource {
  const parsed = parseAddress(address)
  if (parsed.kind === 'hub-file' && parsed.revision === 'main') {
    return { kind: 'hub', repository: parsed.repo, file: parsed.path }
  }
  return { kind: 'path', path: parsed.kind === 'file' ? parsed.path : fileName }
}
