import { explainLabelsIssue, fail, isLabelKey, ok, readLabels, type Result } from '@berth/core'
import type { UpdateManyInput } from '../../trpc/types.ts'

/** The form: empty for what stays, null for what is cleared. */
export interface BulkInputs {
  readonly site: string | null
  readonly owner: string | null
  readonly addLabels: string
  readonly removeLabels: string
  readonly maintenance: '' | 'on' | 'off'
  readonly note: string
}

export const noBulkInputs: BulkInputs = {
  site: '',
  owner: '',
  addLabels: '',
  removeLabels: '',
  maintenance: '',
  note: '',
}

type Change = Omit<UpdateManyInput, 'ids' | 'filter' | 'expectedCount'>

export interface BulkIssue {
  readonly field: keyof BulkInputs
  readonly message: string
}

/** What the form asks for; empty where it asks for nothing. */
export function bulkChange(inputs: BulkInputs): Result<Change, BulkIssue> {
  const added = readLabels(inputs.addLabels)
  if (!added.ok) return fail({ field: 'addLabels', message: explainLabelsIssue(added.issue) })
  const removed = inputs.removeLabels.split(/[\s,;]+/).filter(Boolean)
  const odd = removed.find((key) => !isLabelKey(key))
  if (odd !== undefined) return fail({ field: 'removeLabels', message: `“${odd}” is no label’s name.` })
  return ok({
    ...valueOf('site', inputs.site),
    ...valueOf('owner', inputs.owner),
    ...(Object.keys(added.value).length > 0 && { addLabels: added.value }),
    ...(removed.length > 0 && { removeLabels: removed }),
    ...(inputs.maintenance === 'off' && { maintenance: false }),
    ...(inputs.maintenance === 'on' && { maintenance: true, note: inputs.note.trim() || null }),
  })
}

const valueOf = (field: 'site' | 'owner', value: string | null): Change =>
  value === null ? { [field]: null } : value.trim() === '' ? {} : { [field]: value.trim() }
