import { memoryBases } from '@berth/core'
import { z } from 'zod'
import { strictFilterInput } from '../machine/filter-schema.ts'
import { modelRefSchema } from '../plan/schema.ts'
import {
  askedRequestSchema,
  engineInput,
  engineSchema,
  ggufEngineInput,
  knowsVersion,
  versionUnknown,
} from '../plan/verdict-schema.ts'
import { bytesSchema, listOf, machineIdSchema, signedBytesSchema } from '../schema-parts.ts'

/** Rows of one call: a page asks for a lab's files in several, and shows how far it is. */
export const MAX_FILES = 1000
/** As many machines as a team of hundreds of racks has. */
export const MAX_MACHINES = 10_000
/** Cells of one answer, some ten bytes each. */
export const MAX_CELLS = 500_000
/** Exact cells of one call: each is several plans. */
export const MAX_EXACT = 64
/** Pairs that are too near to be estimated are planned for so long. */
const MAX_PLAN_MS = 30_000
const USUAL_PLAN_MS = 300

const basisInput = {
  memory: z.enum(memoryBases).default('promised').meta({
    description:
      '`promised`: what is measured and what is reserved is taken; `measured`: what is held now; `empty`: nothing.',
  }),
} as const

export const matrixInput = z
  .object({
    models: listOf(modelRefSchema, MAX_FILES).optional().meta({ description: 'Every stored GGUF file when left out.' }),
    machineIds: listOf(machineIdSchema, MAX_MACHINES).optional(),
    machines: strictFilterInput
      .optional()
      .meta({ description: 'Machines that pass, as in their list; those in maintenance are left out unless named.' }),
    ...ggufEngineInput,
    request: askedRequestSchema,
    ...basisInput,
    planMs: z.number().int().min(0).max(MAX_PLAN_MS).default(USUAL_PLAN_MS).meta({
      description: 'Milliseconds in which pairs that estimates leave open are planned; those left are `o`.',
    }),
  })
  .refine(knowsVersion, versionUnknown)

const lettersOf = (letters: Readonly<Record<string, string>>): string =>
  Object.entries(letters)
    .map(([word, letter]) => `\`${letter}\` ${word}`)
    .join(', ')

/** One letter a hardware. */
export const verdictLetters = { fits: 'f', host: 'h', no: 'n', refused: 'r', open: 'o' } as const
export const meansLetters = { cut: 'c', estimated: 'e', planned: 'p' } as const

const fileSchema = z.object({
  ref: modelRefSchema,
  name: z.string().meta({ description: 'Of the file, or the model and its mix.' }),
  modelName: z.string().meta({ description: 'Files of one model have one.' }),
  mix: z.string().nullable(),
  architecture: z.string(),
  weightBytes: bytesSchema,
  parameterCount: z.number().int(),
})

export const matrixOutput = z.object({
  files: listOf(fileSchema).meta({ description: 'A row each.' }),
  leftOut: z.number().int().meta({ description: 'Stored models that are folders: the survey is of GGUF files.' }),
  hardware: listOf(
    z.object({
      machines: listOf(z.object({ id: machineIdSchema, name: z.string() })),
      devices: listOf(z.object({ name: z.string(), memoryTotal: bytesSchema })),
      memoryTotal: bytesSchema.meta({ description: 'Of its GPUs together, as they are planned on.' }),
      memoryFree: bytesSchema
        .nullable()
        .meta({ description: 'Of that, what nothing holds; null where that was never measured.' }),
    }),
  ).meta({ description: 'Machines that no plan tells apart: the same parts, as full.' }),
  cells: listOf(
    z.object({
      verdicts: z.string().meta({ description: `One letter a hardware: ${lettersOf(verdictLetters)}.` }),
      means: z.string().meta({ description: `How it is known, one letter a hardware: ${lettersOf(meansLetters)}.` }),
      headroom: listOf(signedBytesSchema.nullable()).meta({
        description: 'Left on the tightest place, or lacking where negative: about where estimated, at most where cut.',
      }),
    }),
  ).meta({ description: 'A row a file, in their order.' }),
})

/** What a thread tells of one file. */
export interface MatrixRow {
  readonly cells: z.output<typeof matrixOutput>['cells'][number]
  readonly facts: Pick<z.output<typeof fileSchema>, 'architecture' | 'weightBytes' | 'parameterCount'>
}

export const cellsInput = z.object({
  model: modelRefSchema,
  machineIds: listOf(machineIdSchema, MAX_EXACT),
  engines: listOf(z.object(engineInput).refine(knowsVersion, versionUnknown), 8)
    .refine((engines) => engines.length > 0, 'must name an engine')
    .optional()
    .meta({ description: 'The best of these; of all engines in their current versions when left out.' }),
  request: askedRequestSchema,
  ...basisInput,
})

const span = z.object({ low: z.number(), high: z.number() })

export const exactCellSchema = z.object({
  machineId: machineIdSchema,
  verdict: z.enum(['fits', 'host', 'no', 'refused']),
  engine: engineSchema.meta({ description: 'The best one.' }),
  engineVersion: z.string(),
  headroom: signedBytesSchema.nullable(),
  largestContext: z.number().int().nullable().meta({ description: 'Tokens, as asked in all else.' }),
  generation: span.nullable().meta({ description: 'Tokens a second of one slot, about.' }),
  prompt: span.nullable(),
  devices: z.number().int().meta({ description: 'GPUs that take part.' }),
  split: z.string().meta({ description: 'Layers on each, as `41+40`; `host:12+69` with blocks on the host.' }),
  places: listOf(
    z.object({ name: z.string(), required: bytesSchema, capacity: bytesSchema, headroom: signedBytesSchema }),
  ).meta({ description: 'Every place that is used.' }),
  reasons: listOf(z.string()),
})

export const cellsOutput = z.object({ cells: listOf(exactCellSchema).meta({ description: 'In the order asked.' }) })

export type ExactCellView = z.output<typeof exactCellSchema>
