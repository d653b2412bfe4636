import { mixNames } from '@berth/core'
import { z } from 'zod'
import { modelRefSchema } from '../plan/schema.ts'
import { bytesSchema, listOf } from '../schema-parts.ts'

/** Files of one call: each is described in the thread, in about ten milliseconds, before the first is placed. */
export const MAX_FILES = 400

/** Mixes of the whole catalogue: four of each of its models are as many files as a call takes. */
const MAX_MIXES = 4

/** What may be hosted. */
export const filesInput = z
  .object({
    stored: z.boolean().default(false).meta({ description: 'All GGUF files that the team has stored.' }),
    mixes: listOf(z.enum(mixNames), MAX_MIXES).default([]).meta({
      description: 'Every model of the catalogue in each of these mixes, as `Q4_K_M`, that it is offered in.',
    }),
    models: listOf(modelRefSchema, MAX_FILES).default([]).meta({ description: 'These, stored or of the catalogue.' }),
  })
  .meta({ id: 'CapacityFiles', description: `${MAX_FILES} files at most; each counts once.` })

export type FilesInput = z.output<typeof filesInput>

/** A file as an answer names it. */
export const fileView = z
  .object({
    model: modelRefSchema,
    name: z.string(),
    weightBytes: bytesSchema,
    parameterCount: z.number().min(0),
  })
  .meta({ id: 'CapacityFile' })

export type FileView = z.output<typeof fileView>
