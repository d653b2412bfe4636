import { catalogueModels } from '@berth/catalogue'
import type { Queries } from '../db.ts'
import { ApiError } from '../errors.ts'
import { countOtherFormats, findFiles } from '../model/repository.ts'
import { candidateOf, fileOf, mixOf } from '../plan/candidates.ts'
import type { Candidate } from '../plan/solve.ts'
import { type FilesInput, MAX_FILES } from './file-schema.ts'

export interface LoadedFiles {
  /** Each once. */
  readonly files: readonly Candidate[]
  /** Stored, but of a format that is not planned here. */
  readonly leftOut: number
}

/**
 * The files to choose from, not yet described.
 *
 * @throws {ApiError} `not-found`, `unknown-model`, `format-not-taken`, or `limit-exceeded` for more than one call takes.
 */
export async function loadFiles(db: Queries, teamId: string, asked: FilesInput): Promise<LoadedFiles> {
  const { models, stored, mixes } = asked
  const named = await Promise.all(models.map((ref) => candidateOf(db, teamId, ref)))
  const own = stored ? (await findFiles(db, teamId, MAX_FILES + 1)).map(fileOf) : []
  const offered = catalogueModels.flatMap((entry) =>
    entry.mixes.filter((mix) => mixes.includes(mix)).map((mix) => mixOf(entry, mix)),
  )
  const all = new Map([...named, ...own, ...offered].map((file) => [JSON.stringify(file.ref), file]))
  if (all.size > MAX_FILES) {
    throw new ApiError('limit-exceeded', `One call takes ${MAX_FILES} files at most: name fewer mixes or models.`, {
      data: { field: 'files', limit: MAX_FILES },
    })
  }
  return { files: [...all.values()], leftOut: stored ? await countOtherFormats(db, teamId) : 0 }
}
