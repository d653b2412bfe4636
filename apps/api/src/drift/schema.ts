import { type DriftFinding, driftSeverities, type Repair } from '@berth/core'
import { z } from 'zod'
import { backendSchema } from '../machine/schema.ts'
import { placementSchema, remedyCostSchema, remedySchema } from '../plan/verdict-schema.ts'
import { bytesSchema, deviceIdSchema, listOf, machineIdSchema, timeSchema } from '../schema-parts.ts'

export const severitySchema = z.enum(driftSeverities).meta({
  description: 'breaks: it cannot start as it was made. may-break: it may not. info: it holds as it was made.',
})

const named = z.object({ id: deviceIdSchema, index: z.number().int(), name: z.string() })
const device = { device: named }
const resized = { before: bytesSchema, after: bytesSchema }
const needed = { needed: bytesSchema }

const code = <Code extends DriftFinding['code']>(value: Code) => z.literal(value)

const findingSchema = z.discriminatedUnion('code', [
  z.object({ code: code('machine-gone') }),
  z.object({ code: code('machine-in-maintenance') }),
  z.object({ code: code('device-gone'), ...device, missingSince: timeSchema.exactOptional() }),
  z.object({ code: code('device-replaced'), ...device, by: named }),
  z.object({ code: code('device-cut-into-slices'), ...device }),
  z.object({ code: code('device-memory-less'), ...device, ...resized, ...needed }),
  z.object({ code: code('device-memory-more'), ...device, ...resized }),
  z.object({ code: code('backend-changed'), ...device, before: backendSchema, after: backendSchema }),
  z.object({
    code: code('architecture-changed'),
    ...device,
    before: z.string().nullable(),
    after: z.string().nullable(),
  }),
  z.object({ code: code('host-memory-less'), ...resized, ...needed }),
  z.object({
    code: code('over-reserved'),
    device: named.exactOptional(),
    reserved: bytesSchema,
    capacity: bytesSchema,
  }),
  z.object({ code: code('driver-changed'), before: z.string(), after: z.string() }),
  z.object({
    code: code('order-changed'),
    devices: listOf(z.object({ ...device, index: z.number().int() })),
  }),
]) satisfies z.ZodType<DriftFinding>

const repairSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('new-split'), placement: placementSchema }),
  z.object({
    kind: z.literal('change'),
    remedy: remedySchema,
    cost: remedyCostSchema,
    placement: placementSchema,
  }),
  z.object({ kind: z.literal('other-machine'), machine: machineIdSchema, placement: placementSchema }),
]) satisfies z.ZodType<Repair>

const sentences = listOf(z.string()).meta({
  description: 'What is another on its machine, a sentence each, the worst first.',
})

/** What comparing says, without planning. */
export const driftFlag = z.object({ severity: severitySchema, sentences }).nullable().meta({
  description:
    'What is another on its machine than when it was made, by comparing alone: nothing is planned for it. Null where nothing is, for what is over, and for what did not fit or was made before this was kept.',
})

export type DriftFlag = z.output<typeof driftFlag>

/** The same with the saved split judged on the machine of now, and what would bring the plan back. */
export const driftDetail = z
  .object({
    severity: severitySchema,
    sentences,
    findings: listOf(z.object({ finding: findingSchema, severity: severitySchema, sentence: z.string() })),
    repairs: listOf(
      z.object({
        repair: repairSchema,
        machine: z.object({ id: machineIdSchema, name: z.string() }),
        sentence: z.string(),
      }),
    ).meta({ description: 'The nearest first, each one planned; empty where it holds, or nothing would help.' }),
  })
  .nullable()
  .meta({ description: 'Its split judged on the machine of now, with what others held when it was saved.' })

export type DriftDetail = z.output<typeof driftDetail>

const countsSchema = z.record(z.enum(driftSeverities), z.number().int())

export const listDriftInput = z.object({
  machineId: machineIdSchema.optional().meta({ description: 'Only what is on this machine.' }),
  limit: z.coerce.number<number>().int().min(1).max(1000).default(50).meta({ description: 'How many at most.' }),
})

export const listDriftOutput = z.object({
  items: listOf(
    z.object({
      kind: z.enum(['plan', 'reservation']).meta({ description: 'What has drifted.' }),
      id: z.string(),
      name: z.string().meta({ description: 'Of a reservation, its purpose.' }),
      machine: z.object({ id: machineIdSchema, name: z.string() }),
      severity: severitySchema,
      sentences,
    }),
  ).meta({
    description:
      'The worst first, reservations that hold or will before plans; by comparing alone, as in the lists of both.',
  }),
  counts: z
    .object({ plan: countsSchema, reservation: countsSchema })
    .meta({ description: 'Of all there are, whatever the limit.' }),
})

export type DriftKind = keyof z.output<typeof listDriftOutput>['counts']
