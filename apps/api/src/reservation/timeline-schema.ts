import { reservationStates } from '@berth/core'
import { z } from 'zod'
import { placeSchema } from '../plan/verdict-schema.ts'
import { bytesSchema, listInQuery, listOf, machineIdSchema, reservationIdSchema, timeSchema } from '../schema-parts.ts'

/** As many machines as one page of them shows. */
export const MAX_TIMELINE_MACHINES = 200

export const timelineInput = z
  .object({
    from: timeSchema,
    to: timeSchema,
    machineIds: listInQuery(machineIdSchema, MAX_TIMELINE_MACHINES)
      .optional()
      .meta({
        description: `When left out, those that have anything reserved in the window, ${MAX_TIMELINE_MACHINES} at most.`,
      }),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], message: 'must be after from' })

const barSchema = z.object({
  reservation: z.object({
    id: reservationIdSchema,
    purpose: z.string(),
    owner: z.string(),
    state: z.enum(reservationStates),
  }),
  bytes: bytesSchema,
  startsAt: timeSchema,
  endsAt: timeSchema.nullable().meta({ description: 'When it was released or moved away, where that was earlier.' }),
})

export const timelineOutput = z.object({
  now: timeSchema.meta({ description: 'The server’s clock, by which states are.' }),
  machines: listOf(
    z.object({
      machine: z.object({ id: machineIdSchema, name: z.string() }),
      places: listOf(
        z.object({
          place: placeSchema,
          name: z.string(),
          capacity: bytesSchema
            .nullable()
            .meta({ description: 'Null for a device that is gone, or a host whose memory nobody told.' }),
          steps: listOf(z.object({ at: timeSchema, bytes: bytesSchema })).meta({
            description: 'How much is reserved from when on; the first at `from`.',
          }),
          bars: listOf(barSchema).meta({ description: 'What is held of it in the window, by start, the most first.' }),
        }),
      ),
    }),
  ),
})

export type TimelineView = z.output<typeof timelineOutput>
