import type { Queries } from '../db.ts'
import type { Question } from './judge.ts'
import { loadFile } from './load-model.ts'
import type { Objective } from './schema.ts'

/**
 * What is preferred, and the model that room is left for.
 *
 * @throws {ApiError} `not-found`, `unknown-model` or `format-not-taken`.
 */
export async function optionsOf(
  db: Queries,
  teamId: string,
  { preference, other }: Objective,
): Promise<Pick<Question, 'preference' | 'other'>> {
  if (preference === undefined) return {}
  if (preference !== 'room-for-another' || other === undefined) return { preference }
  const { header } = await loadFile(db, teamId, other.model)
  return { preference, other: { header, request: other.request } }
}
