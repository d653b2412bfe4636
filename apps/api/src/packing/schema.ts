import { type Constraint, packPolicies } from '@berth/core'
import { z } from 'zod'
import { strictFilterInput } from '../machine/filter-schema.ts'
import { machineIdsInput, modelRefSchema, modelSummary, onMachine } from '../plan/schema.ts'
import {
  askedRequestSchema,
  engineSchema,
  ggufEngineInput,
  knowsVersion,
  placementSchema,
  versionUnknown,
} from '../plan/verdict-schema.ts'
import { bytesSchema, deviceIdSchema, listOf, machineIdSchema, nameSchema } from '../schema-parts.ts'

/** More kinds of models than a lab serves at once; each is planned on every kind of machine. */
export const MAX_DEMANDS = 24
export const MAX_REPLICAS = 100
/** Of all demands: each replica is placed and judged by itself. */
export const MAX_REPLICAS_IN_ALL = 500
export const MAX_PRIORITY = 9
/** A page waits for the answer. */
export const MAX_SECONDS = 60
const DEFAULT_SECONDS = 10

const where = {
  machineIds: machineIdsInput.meta({ description: 'Machines that may hold it; all that are judged when left out.' }),
  filter: strictFilterInput
    .optional()
    .meta({ description: 'What such a machine must be beside that, as where machines are listed.' }),
} as const

const hostInput = z.boolean().default(false).meta({
  description: 'Whether a part of it may stay in host memory where the GPUs have no room.',
})

const demandInput = z
  .object({
    name: nameSchema.optional().meta({ description: 'What to call it; the model’s name when left out.' }),
    model: modelRefSchema,
    ...ggufEngineInput,
    request: askedRequestSchema,
    replicas: z.number().int().min(1).max(MAX_REPLICAS),
    priority: z.number().int().min(0).max(MAX_PRIORITY).default(0).meta({ description: 'The higher is served first.' }),
    ...where,
    mayRelyOnHost: hostInput,
  })
  .refine(knowsVersion, versionUnknown)

const problemShape = {
  demands: z
    .array(demandInput)
    .min(1)
    .max(MAX_DEMANDS)
    .refine((demands) => demands.reduce((sum, { replicas }) => sum + replicas, 0) <= MAX_REPLICAS_IN_ALL, {
      message: `must not ask for more than ${MAX_REPLICAS_IN_ALL} replicas in all`,
    })
    .readonly(),
  policy: z.enum(packPolicies).default('pack').meta({
    description:
      '`pack`: on as few machines, then GPUs, as can be. `spread`: replicas of a model on as many machines, evenly loaded.',
  }),
  machineIds: machineIdsInput,
} as const

const secondsInput = z.number().int().min(1).max(MAX_SECONDS).default(DEFAULT_SECONDS).meta({
  description: 'How long the solver may look for better.',
})

export const greedyInput = z.object(problemShape)
export const solveInput = z.object({ ...problemShape, seconds: secondsInput })
export type PackingInput = z.output<typeof greedyInput>

export const replicasInput = z
  .object({
    model: modelRefSchema,
    ...ggufEngineInput,
    request: askedRequestSchema,
    ...where,
    mayRelyOnHost: hostInput,
    seconds: secondsInput,
  })
  .refine(knowsVersion, versionUnknown)
export type ReplicasInput = z.output<typeof replicasInput>

const figure = (description: string) => z.number().meta({ description })

const goalSchema = z.object({
  kind: z.enum(['placed', 'machines', 'gpus', 'apart', 'parts', 'load']),
  priority: z.number().int().exactOptional().meta({ description: 'Of `placed`.' }),
  label: z.string(),
  value: figure('What the answer reaches.'),
  valueText: z.string(),
  bound: figure('No packing is better; null where nothing was proven.').nullable(),
  boundText: z.string().nullable(),
  gap: figure('How far the best may be, as a share of the value.').nullable(),
  isBest: z.boolean().meta({ description: 'Whether it is proven that no packing does better, the goals above kept.' }),
})

const codes = [
  ...['fragmented', 'taken', 'held', 'too-large', 'refused', 'engine-places-itself', 'no-machine-allowed'],
] as unknown as readonly [Constraint['code'], ...Constraint['code'][]]

const unplacedSchema = z.object({
  demand: z.number().int().meta({ description: 'Position among the demands.' }),
  missing: z.number().int(),
  constraint: z.enum(codes).meta({ description: 'What binds where least is lacking.' }),
  elsewhere: listOf(machineIdSchema).meta({ description: 'Machines that would have room but may not hold it.' }),
  explanation: listOf(z.string()),
})

const deviceRow = z.object({
  id: deviceIdSchema,
  name: z.string(),
  index: z.number().int(),
  capacity: bytesSchema,
  used: bytesSchema.meta({ description: 'Measured, and nobody’s reservation.' }),
  reserved: bytesSchema,
})

const machineRow = z.object({ ...onMachine.machine.shape, devices: listOf(deviceRow) })

const placedSchema = z.object({
  demand: z.number().int(),
  machineId: machineIdSchema,
  placement: placementSchema.meta({ description: 'Judged with all others of the packing as used.' }),
  command: z.string().meta({ description: 'One line for a POSIX shell.' }),
})

export const packingOutput = z
  .object({
    status: z.enum(['greedy', 'optimal', 'time-limit']),
    demands: listOf(
      z.object({
        name: z.string(),
        model: modelSummary,
        engine: engineSchema,
        replicas: z.number().int(),
        placed: z.number().int(),
        priority: z.number().int(),
      }),
    ),
    goals: listOf(goalSchema).meta({ description: 'The most important first.' }),
    machines: listOf(machineRow),
    placed: listOf(placedSchema),
    unplaced: listOf(unplacedSchema),
    milliseconds: z.object({ planning: z.number().int(), solving: z.number().int() }),
  })
  .meta({ id: 'Packing' })
export type PackingOutput = z.output<typeof packingOutput>

export const replicasOutput = z.object({
  model: modelSummary,
  total: z.number().int(),
  bound: z.number().int().meta({ description: 'No more fit; the total where that is proven to be the most.' }),
  machines: listOf(z.object({ machine: onMachine.machine, replicas: z.number().int(), bound: z.number().int() })).meta({
    description: 'Those with the most first.',
  }),
  explanation: listOf(z.string()).meta({ description: 'Where none fits: why.' }),
})
export type ReplicasOutput = z.output<typeof replicasOutput>
