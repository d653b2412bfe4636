import type { CatalogueModel } from '@berth/catalogue'
import { catalogueSource, type Mix } from '@berth/core'
import type { Queries } from '../db.ts'
import { notFound } from '../errors.ts'
import { findFilesOf, findModel, type StoredModel } from '../model/repository.ts'
import { catalogueEntry, catalogueMix, requireGguf, sourceOf } from './load-model.ts'
import type { ModelRef } from './schema.ts'
import type { Candidate } from './solve.ts'
import type { solveInput } from './solve-schema.ts'

type Asked = Pick<ReturnType<typeof solveInput.parse>, 'model' | 'candidates' | 'unknown'>

/**
 * What a mix is chosen from: what was named, or every mix of a catalogue model, or all stored files of the same model.
 *
 * @throws {ApiError} `not-found` or `unknown-model`, as `loadModel` does.
 */
export async function candidatesFor(
  db: Queries,
  teamId: string,
  { model, candidates, unknown }: Asked,
): Promise<readonly Candidate[]> {
  if (unknown !== 'mix') return []
  const found = candidates?.length
    ? await Promise.all(candidates.map((ref) => candidateOf(db, teamId, ref)))
    : await filesLike(db, teamId, model)
  // They are told apart by their names.
  return found.map((one, at) =>
    found.slice(0, at).some(({ name }) => name === one.name) ? { ...one, name: `${one.name} (${at + 1})` } : one,
  )
}

async function filesLike(db: Queries, teamId: string, model: ModelRef): Promise<readonly Candidate[]> {
  if (model.kind === 'catalogue') {
    const entry = catalogueEntry(model.id)
    return entry.mixes.map((mix) => mixOf(entry, mix))
  }
  const found = await findModel(db, teamId, model.id)
  return found ? (await findFilesOf(db, teamId, found.view)).map(fileOf) : []
}

/** @throws {ApiError} `not-found`, `unknown-model` or `format-not-taken`. */
export async function candidateOf(db: Queries, teamId: string, ref: ModelRef): Promise<Candidate> {
  if (ref.kind === 'catalogue') {
    const entry = catalogueEntry(ref.id)
    return mixOf(entry, catalogueMix(entry, ref.mix))
  }
  const found = await findModel(db, teamId, ref.id)
  if (found === undefined) throw notFound('model', ref.id)
  return fileOf(found)
}

export const mixOf = ({ id, name }: CatalogueModel, mix: Mix): Candidate => ({
  ref: { kind: 'catalogue', id, mix },
  name: `${name} ${mix}`,
  source: catalogueSource(id, mix),
  file: { catalogueId: id, mix },
})

export const fileOf = ({ view, header }: StoredModel): Candidate => ({
  ref: { kind: 'stored', id: view.id },
  name: view.fileName,
  source: sourceOf(view),
  file: { header: requireGguf(header, view.fileName) },
})
