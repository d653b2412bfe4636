import {
  cataloguedDeviceFigures,
  type Device,
  type Link,
  type Machine,
  operatingSystems,
  peerAccesses,
} from '@berth/core'
import { inventoryLimits } from '@berth/inventory'
import { z } from 'zod'
import { differenceSchema, messageSchema } from '../history/schema.ts'
import { overrideView } from '../override/schema.ts'
import { labelsSchema } from './labels-schema.ts'
import {
  bytesSchema,
  deviceIdSchema,
  givenDeviceIdSchema,
  listOf,
  machineIdSchema,
  nameSchema,
  noteSchema,
  pageOf,
  type SchemaOf,
  timeSchema,
} from '../schema-parts.ts'

const measured = z.number().min(0)
const figure = z.object({ bytes: bytesSchema, provenance: z.enum(['measured', 'catalogue', 'typed']) })

export const backendSchema = z.enum(['cuda', 'rocm', 'vulkan', 'metal', 'sycl', 'rpc'])

export const deviceSchema = z
  .object({
    id: deviceIdSchema,
    index: z.number().int().min(0),
    name: z.string(),
    backend: backendSchema,
    memoryTotal: bytesSchema,
    memory: z.object({
      nominal: figure.exactOptional(),
      reported: figure.exactOptional(),
      runtime: figure.exactOptional(),
      driverReserved: figure.exactOptional(),
      policyReserved: figure.exactOptional().meta({ description: 'What the team keeps back from every plan.' }),
    }),
    memoryUsed: bytesSchema.exactOptional(),
    memoryReserved: bytesSchema
      .exactOptional()
      .meta({ description: 'Promised to reservations from now on: the most in one moment of them.' }),
    memoryReservedWhenRead: bytesSchema
      .exactOptional()
      .meta({ description: 'What reservations held when memoryUsed was measured: so much of it is theirs.' }),
    unified: z.boolean(),
    uuid: z.string().exactOptional(),
    pciBusId: z.string().exactOptional(),
    architecture: z.string().exactOptional(),
    computeUnits: z.number().int().min(0).exactOptional(),
    memoryBandwidthBytesPerSecond: measured.exactOptional(),
    fp16FlopsPerSecond: measured.exactOptional(),
    pcie: z
      .object({
        generation: measured.exactOptional(),
        generationMax: measured.exactOptional(),
        width: measured.exactOptional(),
        widthMax: measured.exactOptional(),
      })
      .exactOptional(),
    powerLimitWatts: measured.exactOptional(),
    powerDefaultWatts: measured.exactOptional(),
    eccEnabled: z.boolean().exactOptional(),
    displayAttached: z.boolean().exactOptional(),
    migEnabled: z.boolean().exactOptional(),
    migParent: z.string().exactOptional(),
    fromCatalogue: listOf(z.enum(cataloguedDeviceFigures))
      .meta({ description: 'Figures that no tool printed: the catalogue’s.' })
      .exactOptional(),
  })
  .meta({ id: 'Device' }) satisfies SchemaOf<Device>

export const linkSchema = z
  .object({
    from: deviceIdSchema,
    to: deviceIdSchema,
    kind: z.string(),
    bandwidthBytesPerSecond: measured.exactOptional(),
    peerAccess: z
      .enum(peerAccesses)
      .meta({ description: 'As `nvidia-smi topo -p2p` prints it: OK, or why one may not use the other’s memory.' })
      .exactOptional(),
  })
  .meta({ id: 'Link' }) satisfies SchemaOf<Link>

/** The core's Machine, field by field. */
export const machineSchema = z
  .object({
    id: machineIdSchema,
    name: z.string(),
    os: z.enum(operatingSystems).exactOptional(),
    hostMemoryTotal: bytesSchema.exactOptional(),
    hostMemoryUsed: bytesSchema.exactOptional(),
    hostMemoryReserved: bytesSchema.exactOptional(),
    hostMemoryReservedWhenRead: bytesSchema.exactOptional(),
    hostMemoryBandwidthBytesPerSecond: measured.exactOptional(),
    cpuName: z.string().exactOptional(),
    cpuCores: z.number().int().min(0).exactOptional(),
    driverVersion: z.string().exactOptional(),
    devices: listOf(deviceSchema),
    links: listOf(linkSchema),
    networkInterfaces: listOf(z.object({ name: z.string(), bitsPerSecond: measured.exactOptional() }))
      .meta({ description: 'Of 0 bits: no link, or a driver that tells no speed.' })
      .exactOptional(),
    fromCatalogue: listOf(z.enum(['hostMemoryBandwidthBytesPerSecond'])).exactOptional(),
  })
  .meta({ id: 'Machine' }) satisfies SchemaOf<Machine>

/** How much may be pasted at once: as much as the readers take, an export of a thousand machines among it. */
export const MAX_INVENTORY_CHARACTERS = inventoryLimits.textCharacters

/** Known, but left out of planning. */
export const maintenanceSchema = z
  .object({ since: timeSchema, note: z.string().nullable() })
  .nullable()
  .meta({ description: 'Set while it is in maintenance: then it is planned on only where it is named.' })

export type Maintenance = z.output<typeof maintenanceSchema>

export const staleSchema = z
  .string()
  .nullable()
  .meta({ description: 'Why what was read of it is out of date: a sentence, or null while it is not.' })

export const machineView = z
  .object({
    ...machineSchema.shape,
    site: z.string().nullable().meta({ description: 'Where it stands.' }),
    owner: z.string().nullable().meta({ description: 'Who of the team looks after it.' }),
    labels: labelsSchema,
    maintenance: maintenanceSchema,
    readAt: timeSchema.nullable().meta({ description: 'When the output of its tools was last read; null for never.' }),
    reportSeconds: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'How often its collector has said that it reports; null where nothing reports.' }),
    stale: staleSchema,
    sample: z.boolean().meta({ description: 'Part of the sample lab.' }),
    missingDevices: listOf(
      z.object({ id: deviceIdSchema, name: z.string(), uuid: z.string().nullable(), missingSince: timeSchema }),
    ).meta({ description: 'Known, but not shown by the last import; not planned on.' }),
    overrides: listOf(overrideView).meta({
      description: 'Figures that a person has set; what stands above has them, and is what plans go by.',
    }),
    revision: z.number().int().meta({ description: 'Counts the changes of this machine, from 1.' }),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'StoredMachine' })

export type MachineView = z.output<typeof machineView>

export const machineDetail = z.object({
  ...machineView.shape,
  rawText: z.string().meta({ description: 'What the machine was read from, as it was pasted.' }),
})

export const listMachinesOutput = pageOf(machineView)
export const machineInput = z.object({ id: machineIdSchema })
export const updateMachineInput = z
  .object({
    id: machineIdSchema,
    name: nameSchema.optional(),
    maintenance: z.boolean().optional().meta({ description: 'Whether it is to be left out of planning.' }),
    note: noteSchema.nullable().optional().meta({ description: 'Why it is in maintenance.' }),
    site: nameSchema.nullable().optional().meta({ description: 'Where it stands; null to clear it.' }),
    owner: nameSchema.nullable().optional().meta({ description: 'Who looks after it; null to clear it.' }),
    labels: labelsSchema.optional().meta({ description: 'All labels it is to have; those it has are replaced.' }),
    message: messageSchema,
  })
  .refine(
    ({ name, maintenance, site, owner, labels }) =>
      [name, maintenance, site, owner, labels].some((value) => value !== undefined),
    { path: ['name'], message: 'must be given, or maintenance, site, owner or labels be' },
  )
  .refine(({ maintenance, note }) => maintenance === true || note === undefined, {
    path: ['note'],
    message: 'goes with maintenance: true only',
  })
export const removeMachineInput = z.object({
  id: machineIdSchema,
  withPlans: z.boolean().default(false).meta({ description: 'Also remove the plans on it.' }),
  message: messageSchema,
})

export const removeDeviceInput = z.object({
  id: machineIdSchema,
  deviceId: givenDeviceIdSchema,
  message: messageSchema,
})

export const importMachinesInput = z.object({
  text: z
    .string()
    .min(1)
    .max(MAX_INVENTORY_CHARACTERS)
    .refine((value) => !value.includes('\0'), 'must hold no NUL characters')
    .meta({ description: 'What a tool printed, several in one paste; the format of each is recognised.' }),
  hostName: nameSchema.optional().meta({ description: 'The name for a machine whose tool does not print one.' }),
  message: messageSchema,
})

const changeSchema = z
  .enum(['new', 'changed', 'unchanged', 'name-taken'])
  .meta({ description: 'name-taken: another machine has this name, with other devices. Nothing is then imported.' })

export const previewOutput = z.object({
  machines: listOf(
    z.object({
      machine: machineSchema,
      change: changeSchema,
      existing: z.object({ id: machineIdSchema, name: z.string() }).nullable(),
      differences: listOf(differenceSchema),
    }),
  ),
  sections: listOf(
    z.object({
      format: z.string(),
      title: z.string().meta({ description: 'The command that prints this format, or what it is.' }),
      firstLine: z.number().int(),
      lastLine: z.number().int(),
      hostName: z.string().exactOptional(),
    }),
  ),
  warnings: listOf(z.object({ code: z.string(), line: z.number().int(), message: z.string() })),
})

export const importOutput = z.object({
  machines: listOf(z.object({ machine: machineView, change: changeSchema.exclude(['name-taken']) })),
  warnings: previewOutput.shape.warnings,
})

/** What a collector is told of its report. */
export const reportOutput = z.object({
  machine: z.object({ id: machineIdSchema, name: z.string() }),
  change: z
    .enum(['new', 'changed', 'measured', 'unchanged'])
    .meta({ description: 'measured: only what others hold of its memory differs, which is no change of the machine.' }),
  warnings: previewOutput.shape.warnings,
})

export const sampleLabOutput = z.object({ machines: listOf(machineView) })
export const removedSampleLabOutput = z.object({
  removedMachines: z.number().int(),
  removedPlans: z.number().int(),
})
