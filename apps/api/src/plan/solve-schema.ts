import { type Bound, cacheTypes, type Solution, type SolvedValue, type UnknownId } from '@berth/core'
import { z } from 'zod'
import { listOf, tokensSchema } from '../schema-parts.ts'
import {
  machineIdsInput,
  modelRefSchema,
  modelSummary,
  namesOther,
  objectiveInput,
  onMachine,
  otherMissing,
  planResult,
} from './schema.ts'
import {
  askedRequestSchema,
  ggufEngineInput,
  knowsVersion,
  placementSchema,
  reasonSchema,
  settingsShape,
  versionUnknown,
} from './verdict-schema.ts'

const unknownSchema = z.enum(['context', 'slots', 'cache-type', 'mix']).meta({
  description: 'What is solved for; the request’s own value of it does not count.',
}) satisfies z.ZodType<UnknownId>

/** Each is described and planned with on every machine. */
const MAX_CANDIDATES = 64

const tokenCount = tokensSchema({ min: 0, max: 2 ** 40 })

const solvedValueSchema = z
  .discriminatedUnion('unknown', [
    z.object({ unknown: z.literal('context'), contextLength: tokenCount, contextPerSlot: tokenCount }),
    z.object({ unknown: z.literal('slots'), parallel: settingsShape.parallel, contextLength: tokenCount }),
    z.object({ unknown: z.literal('cache-type'), cacheTypeK: z.enum(cacheTypes), cacheTypeV: z.enum(cacheTypes) }),
    z.object({ unknown: z.literal('mix'), candidate: z.string() }),
  ])
  .meta({ id: 'SolvedValue' }) satisfies z.ZodType<SolvedValue>

const refusedShape = {
  value: solvedValueSchema,
  reasons: listOf(reasonSchema),
  nearest: placementSchema.exactOptional(),
}

const boundSchema = z
  .discriminatedUnion('code', [
    z.object({ code: z.literal('next-does-not-fit'), ...refusedShape }),
    z.object({ code: z.literal('trained-context') }),
    z.object({ code: z.literal('engine-limit') }),
    z.object({ code: z.literal('best-offered') }),
  ])
  .meta({ id: 'SolutionBound' }) satisfies z.ZodType<Bound>

const solutionSchema = z
  .discriminatedUnion('solved', [
    z.object({
      solved: z.literal(true),
      value: solvedValueSchema,
      request: z.object(settingsShape),
      placement: placementSchema,
      bound: boundSchema.meta({ description: 'What keeps it from being better: the proof that it is the best.' }),
    }),
    z.object({ solved: z.literal(false), ...refusedShape }),
  ])
  .meta({ id: 'Solution' }) satisfies z.ZodType<Solution>

export const solveResult = z
  .object({
    ...onMachine,
    solution: solutionSchema,
    explanation: z.string().meta({ description: 'The solution and its bound in words.' }),
    model: modelRefSchema.exactOptional().meta({ description: 'The mix that was chosen.' }),
    plan: planResult
      .exactOptional()
      .meta({ description: 'The plan of the solved request; absent where nothing fits.' }),
  })
  .meta({ id: 'SolveResult' })

export type SolveResult = z.output<typeof solveResult>

export const solveInput = z
  .object({
    model: modelRefSchema,
    ...ggufEngineInput,
    request: askedRequestSchema,
    ...objectiveInput,
    machineIds: machineIdsInput,
    unknown: unknownSchema,
    candidates: listOf(modelRefSchema, MAX_CANDIDATES).optional().meta({
      description:
        'What a mix is chosen from. When left out: every mix of a catalogue model; of a stored one all stored files of the same model.',
    }),
  })
  .refine(namesOther, otherMissing)
  .refine(knowsVersion, versionUnknown)

export const solveOutput = z.object({
  model: modelSummary,
  results: listOf(solveResult).meta({ description: 'Machines that have an answer first.' }),
})
