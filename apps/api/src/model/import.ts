import { describeModel, explainDescribeIssue } from '@berth/core'
import type { ModelFile } from '@berth/gguf'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { saveModel } from './repository.ts'
import type { ModelView } from './schema.ts'

/** Saves what was read, if it can be planned with. */
export async function importModel(
  ctx: Context,
  file: ModelFile,
): Promise<{ readonly model: ModelView; readonly created: boolean }> {
  const described = describeModel(file.header)
  if (!described.ok) {
    const { code, ...data } = described.issue
    throw new ApiError(`describe-${code}`, explainDescribeIssue(described.issue), { data })
  }
  return saveModel(ctx.services.database.client, ctx.teamId, { file, model: described.value })
}
