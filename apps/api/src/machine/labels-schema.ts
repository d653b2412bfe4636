import { z } from 'zod'
import { isPlainText } from '../schema-parts.ts'

/** Kubernetes' own limits for labels, so that those of its nodes can be taken over as they are. */
const KEY = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/
const MAX_VALUE = 63
/** More are not told apart by a person; a node of Kubernetes has about 60. */
export const MAX_LABELS = 100

/** Name and value, as Kubernetes has them; a value may hold spaces, for it is read by people. */
export const labelsSchema = z
  .record(
    z.string().regex(KEY, 'must be a label’s name as in Kubernetes: prefix/name, 63 signs'),
    z.string().trim().max(MAX_VALUE).refine(isPlainText, 'must hold no control characters'),
  )
  .refine((labels) => Object.keys(labels).length <= MAX_LABELS, `must be ${MAX_LABELS} at most`)
  .meta({ description: 'Labels: name and value, as Kubernetes has them.' })

export type Labels = z.output<typeof labelsSchema>
