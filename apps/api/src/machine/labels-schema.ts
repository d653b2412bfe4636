import { LABEL_KEY, MAX_LABEL_VALUE, MAX_LABELS } from '@berth/core'
import { z } from 'zod'
import { isPlainText } from '../schema-parts.ts'

export const labelKeySchema = z
  .string()
  .regex(LABEL_KEY, 'must be a label’s name as in Kubernetes: prefix/name, 63 signs')

/** Name and value, as Kubernetes has them; a value may hold spaces, for it is read by people. */
export const labelsSchema = z
  .record(labelKeySchema, z.string().trim().max(MAX_LABEL_VALUE).refine(isPlainText, 'must hold no control characters'))
  .refine((labels) => Object.keys(labels).length <= MAX_LABELS, `must be ${MAX_LABELS} at most`)
  .meta({ description: 'Labels: name and value, as Kubernetes has them.' })
