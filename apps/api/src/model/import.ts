import { describeExl2, describeModel, explainDescribeIssue, explainExl2Issue } from '@berth/core'
import type { Exl2Folder } from '@berth/exl2'
import type { ModelFile } from '@berth/gguf'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { ReadModel } from './record.ts'
import { saveModel } from './repository.ts'
import type { ModelView } from './schema.ts'

/** A file or a folder, as the readers give it. */
export type Found =
  | { readonly kind: 'file'; readonly file: ModelFile }
  | { readonly kind: 'folder'; readonly folder: Exl2Folder }

/** Saves what was read, if it can be planned with. */
export const importModel = async (
  ctx: Context,
  found: Found,
): Promise<{ readonly model: ModelView; readonly created: boolean }> =>
  saveModel(ctx.services.database.client, ctx.teamId, describe(found))

function describe(found: Found): ReadModel {
  if (found.kind === 'file') {
    const described = describeModel(found.file.header)
    if (described.ok) return { ...found, model: described.value }
    const { code, ...data } = described.issue
    throw new ApiError(`describe-${code}`, explainDescribeIssue(described.issue), { data })
  }
  const described = describeExl2(found.folder.header)
  if (described.ok) return { ...found, model: described.value }
  const { code, ...data } = described.issue
  throw new ApiError(`describe-${code}`, explainExl2Issue(described.issue), { data })
}
