import type { Queries } from '../db.ts'
import { notFound } from '../errors.ts'
import { findFilesOf, findModel } from '../model/repository.ts'
import { catalogueEntry, catalogueMix, catalogueSource, requireGguf, sourceOf } from './load-model.ts'
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
  const refs = candidates?.length ? candidates : await filesLike(db, teamId, model)
  const found = await Promise.all(refs.map((ref) => candidateOf(db, teamId, ref)))
  // They are told apart by their names.
  return found.map((one, at) =>
    found.slice(0, at).some(({ name }) => name === one.name) ? { ...one, name: `${one.name} (${at + 1})` } : one,
  )
}

async function filesLike(db: Queries, teamId: string, model: ModelRef): Promise<readonly ModelRef[]> {
  if (model.kind === 'catalogue') {
    return catalogueEntry(model.id).mixes.map((mix) => ({ kind: 'catalogue', id: model.id, mix }))
  }
  const found = await findModel(db, teamId, model.id)
  const ids = found ? await findFilesOf(db, teamId, found.view) : []
  return ids.map((id) => ({ kind: 'stored', id }))
}

async function candidateOf(db: Queries, teamId: string, ref: ModelRef): Promise<Candidate> {
  if (ref.kind === 'catalogue') {
    const entry = catalogueEntry(ref.id)
    const mix = catalogueMix(entry, ref.mix)
    return {
      ref,
      name: `${entry.name} ${mix}`,
      source: catalogueSource(ref.id, mix),
      file: { catalogueId: ref.id, mix },
    }
  }
  const found = await findModel(db, teamId, ref.id)
  if (found === undefined) throw notFound('model', ref.id)
  const { fileName } = found.view
  return { ref, name: fileName, source: sourceOf(found.view), file: { header: requireGguf(found.header, fileName) } }
}
