import { editGains, type LargestHosted, type ModelStanding } from '@berth/core'
import { z } from 'zod'
import { machineIdsInput, modelRefSchema, modelSummary, onMachine } from '../plan/schema.ts'
import { askedRequestSchema, ggufEngineInput, knowsVersion, versionUnknown } from '../plan/verdict-schema.ts'
import {
  bytesSchema,
  deviceIdSchema,
  listOf,
  machineIdSchema,
  signedBytesSchema,
  tokensSchema,
} from '../schema-parts.ts'
import { editSchema, editsInput } from './edit-schema.ts'
import { filesInput, fileView } from './file-schema.ts'

const asked = { ...ggufEngineInput, request: askedRequestSchema }

const headroom = signedBytesSchema.meta({ description: 'Left on the fullest GPU.' })
const lacks = bytesSchema
  .exactOptional()
  .meta({ description: 'On the fullest place, at least; absent where the engine refuses it.' })
const hostedOn = z.enum(['gpus', 'host']).meta({ description: 'host: a part of it lies in host memory.' })

export const largestInput = z
  .object({ files: filesInput, ...asked, machineIds: machineIdsInput })
  .refine(knowsVersion, versionUnknown)

const largestFile = z
  .object({
    file: fileView,
    headroom,
    next: z
      .object({ file: fileView, lacks })
      .exactOptional()
      .meta({ description: 'The next larger file, which does not fit so.' }),
  })
  .meta({ id: 'LargestFile' })

const largest = z
  .object({
    onGpus: largestFile.exactOptional().meta({ description: 'The largest that fits on GPUs alone.' }),
    withHost: largestFile
      .exactOptional()
      .meta({ description: 'The largest with a part of it in host memory, where that hosts a larger one.' }),
  })
  .meta({ id: 'Largest' })

export const largestResult = z
  .object({
    ...onMachine,
    weights: largest.meta({ description: 'By the size of the weights.' }),
    parameters: largest.meta({ description: 'By the number of parameters.' }),
  } satisfies Record<keyof LargestHosted | 'machine', z.ZodType>)
  .meta({ id: 'LargestHosted' })

export type LargestResult = z.output<typeof largestResult>

const leftOut = z.number().int().min(0).meta({ description: 'Stored folders of ExLlama, which are not counted here.' })

export const largestOutput = z.object({
  files: z.number().int().min(0).meta({ description: 'How many files there were to choose from.' }),
  leftOut,
  results: listOf(largestResult).meta({ description: 'By the largest that fits on GPUs alone.' }),
})

const contextTokens = tokensSchema({ min: 0, max: 2 ** 31 - 1 })

const standing = z
  .object({
    on: z.enum(['gpus', 'host', 'nowhere']),
    headroom: headroom.exactOptional(),
    lacks,
    context: z
      .object({
        perSlot: contextTokens,
        isTrained: z.boolean().meta({ description: 'The model was trained for no more.' }),
      })
      .exactOptional()
      .meta({ description: 'The largest context of a slot on GPUs alone, with as many slots as were asked for.' }),
  })
  .meta({ id: 'ModelStanding' }) satisfies z.ZodType<ModelStanding>

export const hostsInput = z
  .object({ model: modelRefSchema, ...asked, machineIds: machineIdsInput })
  .refine(knowsVersion, versionUnknown)

export const hostsResult = z
  .object({
    ...onMachine,
    standing,
    explanation: listOf(z.string()).meta({ description: 'Why it fits nowhere: one sentence a reason.' }),
  })
  .meta({ id: 'HostsResult' })

export type HostsResult = z.output<typeof hostsResult>

export const hostsOutput = z.object({
  model: modelSummary,
  results: listOf(hostsResult).meta({ description: 'On GPUs first, then with host memory; the most to spare first.' }),
})

export const whatIfInput = z
  .object({ machineId: machineIdSchema, edits: editsInput, files: filesInput, ...asked })
  .refine(knowsVersion, versionUnknown)

export const whatIfResult = z
  .object({
    file: fileView,
    before: standing,
    after: standing,
    gain: z.enum(editGains),
    explanation: z.string().meta({ description: 'The gain in words.' }),
  })
  .meta({ id: 'EditComparison' })

export type WhatIfResult = z.output<typeof whatIfResult>

const deviceAfter = z.object({
  id: deviceIdSchema,
  name: z.string(),
  memoryTotal: bytesSchema,
  imagined: z.boolean().meta({ description: 'Nobody has it: its id stands for nothing that is stored.' }),
})

export const whatIfOutput = z.object({
  ...onMachine,
  edits: listOf(z.string()).meta({ description: 'What is changed, in words.' }),
  devices: listOf(deviceAfter).meta({ description: 'Of the machine as it would be.' }),
  hostMemoryTotal: bytesSchema.nullable(),
  leftOut,
  results: listOf(whatIfResult).meta({ description: 'What gains most first.' }),
})

export const upgradesInput = z
  .object({
    model: modelRefSchema,
    ...asked,
    machineIds: machineIdsInput,
    mayRelyOnHost: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether it counts as hosted with a part of it in host memory.' }),
  })
  .refine(knowsVersion, versionUnknown)

const upgrade = z
  .object({
    edit: editSchema.meta({ description: 'As `POST /capacity/what-if` takes it.' }),
    on: hostedOn,
    headroom,
    added: bytesSchema.meta({ description: 'Memory that it adds in all.' }),
    explanation: z.string(),
  })
  .meta({ id: 'Upgrade' })

export const upgradesResult = z
  .discriminatedUnion('state', [
    z.object({ ...onMachine, state: z.literal('hosts'), on: hostedOn, headroom }),
    z.object({
      ...onMachine,
      state: z.literal('upgradable'),
      upgrades: listOf(upgrade).meta({ description: 'Each makes it fit by itself; what changes least first.' }),
    }),
    z.object({ ...onMachine, state: z.literal('out-of-reach'), explanation: listOf(z.string()) }),
  ])
  .meta({ id: 'UpgradesResult' })

export type UpgradesResult = z.output<typeof upgradesResult>

export const upgradesOutput = z.object({
  model: modelSummary,
  results: listOf(upgradesResult).meta({ description: 'One upgrade away first, then what hosts it, then the rest.' }),
})
