import { type CatalogueModel, catalogueHeader, findCatalogueModel } from '@berth/catalogue'
import {
  type AnyHeader,
  type AnyModel,
  catalogueSource,
  exl2Summary,
  type GgufHeader,
  isExl2Header,
  isExl2Model,
  type Mix,
  type ModelSource,
} from '@berth/core'
import { folderSource, isExl2Error, parseExl2Address } from '@berth/exl2'
import { parseAddress } from '@berth/gguf'
import type { Queries } from '../db.ts'
import { ApiError, notFound } from '../errors.ts'
import { findModel, findOtherFiles } from '../model/repository.ts'
import type { ModelView } from '../model/schema.ts'
import { describeStored } from '../model/stored-header.ts'
import type { Question } from './judge.ts'
import type { ModelRef } from './schema.ts'

interface Loaded extends Pick<Question, 'header' | 'source'> {
  readonly name: string
  readonly model: AnyModel
}

export interface LoadedModel extends Loaded, Required<Pick<Question, 'otherFiles'>> {}

/** @throws {ApiError} `not-found` or `unknown-model`. */
export async function loadModel(db: Queries, teamId: string, ref: ModelRef): Promise<LoadedModel> {
  if (ref.kind === 'catalogue') return { ...fromCatalogue(ref), otherFiles: { kind: 'mixes', id: ref.id } }
  const { view, ...loaded } = await fromStore(db, teamId, ref.id)
  return { ...loaded, otherFiles: { kind: 'files', files: await findOtherFiles(db, teamId, view) } }
}

/** A model that is a GGUF file, for what is answered for those only. */
export interface LoadedFile extends Loaded {
  readonly header: GgufHeader
}

/** @throws {ApiError} `not-found`, `unknown-model` or `format-not-taken`. */
export async function loadFile(db: Queries, teamId: string, ref: ModelRef): Promise<LoadedFile> {
  const loaded = ref.kind === 'catalogue' ? fromCatalogue(ref) : await fromStore(db, teamId, ref.id)
  return { ...loaded, header: requireGguf(loaded.header, loaded.name) }
}

/** @throws {ApiError} `format-not-taken` */
export function requireGguf(header: AnyHeader, name: string): GgufHeader {
  if (!isExl2Header(header)) return header
  throw new ApiError('format-not-taken', `${name} is a folder of ExLlama; only GGUF files are taken here.`, {
    data: { name },
  })
}

/** What an answer says of the model it is about. */
export const summaryOf = ({ name, model }: Pick<LoadedModel, 'name' | 'model'>) => ({
  name,
  architecture: model.architecture,
  weightBytes: isExl2Model(model) ? exl2Summary(model).weightBytes : model.weightBytes,
})

/** The name to show for a reference whose model was not loaded. */
export const nameOf = (ref: ModelRef, storedName: string | undefined): string =>
  ref.kind === 'stored' ? (storedName ?? ref.id) : `${findCatalogueModel(ref.id)?.name ?? ref.id} ${ref.mix}`

async function fromStore(db: Queries, teamId: string, id: string): Promise<Loaded & { readonly view: ModelView }> {
  const found = await findModel(db, teamId, id)
  if (found === undefined) throw notFound('model', id)
  const { header, view } = found
  return { name: view.name, header, model: describeStored(header), source: sourceOf(view), view }
}

function fromCatalogue({ id, mix }: Extract<ModelRef, { kind: 'catalogue' }>): Loaded {
  const entry = catalogueEntry(id)
  const known = catalogueMix(entry, mix)
  const header = catalogueHeader(entry, known)
  return {
    header,
    model: describeStored(header),
    name: `${entry.name} ${known}`,
    source: catalogueSource(id, known),
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

/**
 * A file of the hub is named so that the engine can fetch it; a file of any other server lies where the reader puts it. A
 * folder of the hub is named by its repository, wherever that is put.
 */
export function sourceOf({
  format,
  address,
  fileName,
}: Pick<ModelView, 'format' | 'address' | 'fileName'>): ModelSource {
  if (format !== 'gguf') return sourceOfFolder(address, fileName)
  const parsed = parseAddress(address)
  if (parsed.kind === 'hub-file' && parsed.revision === 'main') {
    return { kind: 'hub', repository: parsed.repo, file: parsed.path }
  }
  return { kind: 'path', path: parsed.kind === 'file' ? parsed.path : fileName }
}

/** A mirror's address is none that is known here: then the folder is only named. */
function sourceOfFolder(address: string, fileName: string): ModelSource {
  try {
    return folderSource(parseExl2Address(address))
  } catch (error) {
    if (isExl2Error(error)) return { kind: 'path', path: `models/${fileName}` }
    throw error
  }
}
