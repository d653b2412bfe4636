import { z } from 'zod'
import { placeSchema } from '../plan/verdict-schema.ts'
import { bytesSchema, listOf, machineIdSchema, planIdSchema, signedBytesSchema, timeSchema } from '../schema-parts.ts'

const claim = { name: z.string(), bytes: bytesSchema }

export const machineMemoryOutput = z
  .object({
    machine: z.object({ id: machineIdSchema, name: z.string() }),
    places: listOf(
      z.object({
        place: placeSchema,
        name: z.string(),
        capacity: bytesSchema
          .nullable()
          .meta({ description: 'What plans may use of it when nobody else does; null where nobody knows.' }),
        keptByPolicy: bytesSchema.meta({ description: 'What the team keeps back, beside the capacity.' }),
        keptByDriver: bytesSchema.meta({ description: 'What the driver keeps, beside the capacity.' }),
        measured: z
          .object({
            bytes: bytesSchema,
            beside: bytesSchema.meta({ description: 'The part that no reservation accounts for.' }),
            readAt: timeSchema.nullable(),
          })
          .nullable()
          .meta({ description: 'In use when its tools were last read; null where it was never measured.' }),
        reserved: z
          .object({
            now: bytesSchema,
            peak: bytesSchema.meta({ description: 'The most in one moment from now on.' }),
            by: listOf(z.object({ id: z.string(), ...claim, active: z.boolean() })),
          })
          .meta({ description: 'Promised to reservations: plans leave it alone.' }),
        planned: z
          .object({ bytes: bytesSchema, by: listOf(z.object({ id: planIdSchema, ...claim })) })
          .meta({ description: 'What saved plans would need, each as when it was saved. It holds nothing.' }),
        free: z.object({
          now: bytesSchema.nullable().meta({ description: 'When it was measured; null where it was not.' }),
          afterReserved: signedBytesSchema
            .nullable()
            .meta({ description: 'Once all that is reserved from now on is taken; negative where that is too much.' }),
        }),
        explanation: listOf(z.string()),
      }),
    ).meta({ description: 'Every GPU in its order, then the host. The three figures are never one sum.' }),
  })
  .meta({ id: 'MachineMemory' })

export type MachineMemory = z.output<typeof machineMemoryOutput>
