import { z } from 'zod'
import { listOf } from '../schema-parts.ts'
import { launchSchema, machineIdsInput, modelRefSchema, modelSummary, onMachine } from './schema.ts'
import {
  askedRequestSchema,
  ggufEngineInput,
  knowsVersion,
  placementSchema,
  reasonSchema,
  versionUnknown,
} from './verdict-schema.ts'

/** Models of one call: each is tried beside all the others. */
const MAX_TOGETHER = 8

export const togetherInput = z
  .object({
    models: z
      .array(z.object({ model: modelRefSchema, request: askedRequestSchema }))
      .min(1)
      .max(MAX_TOGETHER)
      .readonly(),
    ...ggufEngineInput,
    machineIds: machineIdsInput,
  })
  .refine(knowsVersion, versionUnknown)

const togetherResult = z
  .discriminatedUnion('fits', [
    z.object({
      ...onMachine,
      fits: z.literal(true),
      placements: listOf(z.object({ placement: placementSchema, launch: launchSchema })).meta({
        description: 'One a model, in the order they were named; each counts the others at their fullest.',
      }),
    }),
    z.object({
      ...onMachine,
      fits: z.literal(false),
      proven: z.boolean().meta({
        description: 'Whether there is no joint placement; otherwise none was found, though not every one was tried.',
      }),
      placements: listOf(placementSchema.nullable()).meta({ description: 'null for a model that finds no room.' }),
      tenant: z.number().int().min(0).meta({ description: 'Which of the models finds no room beside the others.' }),
      reasons: listOf(reasonSchema),
      explanation: listOf(z.string()).meta({ description: 'One sentence a reason.' }),
    }),
  ])
  .meta({ id: 'TogetherResult' })

export type TogetherResult = z.output<typeof togetherResult>

export const togetherOutput = z.object({
  models: listOf(modelSummary),
  results: listOf(togetherResult).meta({ description: 'The machines that have room for all of them first.' }),
})
