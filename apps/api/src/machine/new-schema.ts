import { MAX_CATALOGUE_DEVICES } from '@berth/catalogue'
import { z } from 'zod'
import { bytesSchema, isPlainText, listOf, machineIdSchema, nameSchema } from '../schema-parts.ts'
import { messageSchema } from '../history/schema.ts'
import { machineView } from './schema.ts'

/** 1 PiB, as of machines that are read: no host has more, and sums of it stay exact. */
const MAX_HOST_BYTES = 2 ** 50
/** Far above the largest processor's hardware threads of today. */
const MAX_CPU_CORES = 4096
/** A rack row at a time; each is written in one transaction. */
export const MAX_CLONES = 100
/** No number in a row of names is larger. */
const MAX_FIRST_NUMBER = 9999

const gpuText = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine(isPlainText, 'must hold no control characters')
  .meta({ description: 'An id of the catalogue, or a name as the vendor’s tool prints it.' })

export const createMachineInput = z
  .object({
    name: nameSchema,
    gpus: listOf(
      z.object({
        gpu: gpuText,
        memoryMib: z
          .number()
          .positive()
          .max(MAX_HOST_BYTES / 2 ** 20)
          .optional()
          .meta({ description: 'What the tool prints as total, where one name is sold with several sizes.' }),
        count: z.number().int().min(1).max(MAX_CATALOGUE_DEVICES).default(1),
      }),
      MAX_CATALOGUE_DEVICES,
    )
      .default([])
      .meta({ description: `In the order the engine is to enumerate them; ${MAX_CATALOGUE_DEVICES} cards at most.` }),
    hostMemoryBytes: bytesSchema
      .refine((size) => size > 0 && size <= MAX_HOST_BYTES, 'must be more than 0 and at most 1 PiB')
      .optional(),
    cpu: z
      .object({ name: nameSchema.optional(), cores: z.number().int().min(1).max(MAX_CPU_CORES).optional() })
      .optional(),
    link: z
      .string()
      .regex(/^(NV([1-9]|1[0-8])|PIX|PXB|PHB|NODE|SYS)$/, 'must be NV1 to NV18, PIX, PXB, PHB, NODE or SYS')
      .optional()
      .meta({ description: 'Class of the path between any two of its GPUs, as nvidia-smi names it.' }),
    message: messageSchema,
  })
  .refine(({ gpus, hostMemoryBytes }) => gpus.length > 0 || hostMemoryBytes !== undefined, {
    path: ['gpus'],
    message: 'must name a GPU, or hostMemoryBytes be given',
  })

export const cloneMachineInput = z.object({
  id: machineIdSchema,
  count: z.number().int().min(1).max(MAX_CLONES).default(1),
  names: nameSchema.optional().meta({
    description:
      'Their names, `{n}` standing for the number, `{nn}` for one of two digits. Left out: the name, and `-{n}`.',
  }),
  firstNumber: z
    .number()
    .int()
    .min(0)
    .max(MAX_FIRST_NUMBER)
    .optional()
    .meta({ description: 'Left out: the first after which so many names in a row are free.' }),
  message: messageSchema,
})

export const cloneMachineOutput = z.object({ machines: listOf(machineView) })
