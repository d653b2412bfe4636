import { completeMachine } from '@berth/catalogue'
import {
  type Bytes,
  bytes,
  type Device,
  deviceId,
  explainFreshness,
  freshnessOf,
  type Labels,
  type Machine,
  machineId,
  type MachineOverrides,
  reservableOf,
  type Standing,
  withOverrides,
} from '@berth/core'
import type { Device as DeviceRow, Machine as MachineRow } from '../generated/sqlite/client.ts'
import { deviceOverridesSchema, machineOverridesSchema } from '../override/schema.ts'
import { overrideViews } from '../override/view.ts'
import { labelsSchema } from './labels-schema.ts'
import { withoutUndefined } from '../without-undefined.ts'
import { deviceSchema, type Maintenance, machineSchema, type MachineView } from './schema.ts'

/** A machine between its rows and the core's record. */
export type MachineRows = MachineRow & { readonly devices: readonly DeviceRow[] }

/** What has columns of its own; the rest of the core's record is the JSON of `detail`. */
const machineDetailSchema = machineSchema.pick({
  os: true,
  hostMemoryBandwidthBytesPerSecond: true,
  cpuName: true,
  cpuCores: true,
  driverVersion: true,
  links: true,
  networkInterfaces: true,
  fromCatalogue: true,
})
const deviceDetailSchema = deviceSchema.omit({
  id: true,
  index: true,
  name: true,
  backend: true,
  memoryTotal: true,
  memoryUsed: true,
  memoryReserved: true,
  memoryReservedWhenRead: true,
  uuid: true,
  pciBusId: true,
})

/** What people have said of a device, which no import changes. */
export const saidOf = (known: DeviceRow | undefined) => (known === undefined ? {} : { overrides: known.overrides })

/** Null clears a column, what is left out stays. */
export interface StandingChange {
  readonly site?: string | null | undefined
  readonly owner?: string | null | undefined
  /** All of them: those it has are replaced. */
  readonly labels?: Labels | undefined
}

export const standingColumns = ({ site, owner, labels }: StandingChange) =>
  withoutUndefined({ site, owner, labels: labels && JSON.stringify(labels) })

const toLabels = (row: Pick<MachineRow, 'labels'>): Labels => labelsSchema.parse(JSON.parse(row.labels))

/** Labels are always said: a machine without any has none. */
export const toStanding = (row: MachineRow): Standing => ({
  ...present('site', row.site),
  ...present('owner', row.owner),
  labels: toLabels(row),
})

/** What may be reserved is without what people set against it: `keepReservable` sees to that. */
export const machineColumns = (machine: Machine) => ({
  hostMemoryTotalBytes: toColumn(machine.hostMemoryTotal),
  hostMemoryUsedBytes: toColumn(machine.hostMemoryUsed),
  hostReservableBytes: toColumn(machine.hostMemoryTotal),
  detail: JSON.stringify(machineDetailSchema.parse(machine)),
})

export const deviceColumns = (device: Device, missingSince: Date | null) => ({
  id: device.id,
  position: device.index,
  name: device.name,
  backend: device.backend,
  memoryTotalBytes: BigInt(device.memoryTotal),
  memoryUsedBytes: toColumn(device.memoryUsed),
  reservableBytes: BigInt(missingSince === null ? reservableOf(device) : 0),
  uuid: device.uuid ?? null,
  pciBusId: device.pciBusId ?? null,
  missingSince,
  detail: JSON.stringify(deviceDetailSchema.parse(device)),
})

export const toMachine = (row: MachineRows): Machine => ({
  id: machineId(row.id),
  name: row.name,
  ...present('hostMemoryTotal', fromColumn(row.hostMemoryTotalBytes)),
  ...present('hostMemoryUsed', fromColumn(row.hostMemoryUsedBytes)),
  ...machineDetailSchema.parse(JSON.parse(row.detail)),
  devices: row.devices.filter((device) => !isMissing(device)).map(toDevice),
})

/** Stored as its tools printed it; what they do not print of known hardware is the catalogue's of today. */
export const toRead = (row: MachineRows): Machine => completeMachine(toMachine(row))

/** Known, but not shown by the last import. */
export const toMissing = (row: MachineRows): readonly Device[] =>
  row.devices.filter(isMissing).map((device) => toDevice(device, device.position))

/** What people have set against it. */
export const toOverrides = (row: MachineRows): MachineOverrides => ({
  machine: machineOverridesSchema.parse(JSON.parse(row.overrides)),
  devices: new Map(
    row.devices.map(({ id, overrides }) => [deviceId(id), deviceOverridesSchema.parse(JSON.parse(overrides))]),
  ),
})

export function toView(row: MachineRows): MachineView {
  const [read, overrides] = [toRead(row), toOverrides(row)]
  return {
    ...withOverrides(read, overrides),
    overrides: overrideViews(read, toMissing(row), overrides),
    missingDevices: row.devices.filter(isMissing).map(({ id, name, uuid, missingSince }) => ({
      id: deviceId(id),
      name,
      uuid,
      missingSince: missingSince.toISOString(),
    })),
    site: row.site,
    owner: row.owner,
    labels: toLabels(row),
    maintenance: toMaintenance(row),
    readAt: row.readAt?.toISOString() ?? null,
    stale: staleness(read, row),
    reportSeconds: row.reportSeconds,
    sample: row.sample,
    revision: row.revision,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}

/** Why its figures are out of date by now. */
function staleness(machine: Machine, { readAt, reportSeconds }: MachineRow): string | null {
  const freshness = freshnessOf({ ...machine, readAtMs: readAt?.getTime() ?? null, reportSeconds }, Date.now())
  return freshness.kind === 'stale' ? (explainFreshness(freshness) ?? null) : null
}

export const toMaintenance = ({
  maintenanceSince: since,
  maintenanceNote: note,
}: Pick<MachineRow, 'maintenanceSince' | 'maintenanceNote'>): Maintenance =>
  since === null ? null : { since: since.toISOString(), note }

export const isMissing = (row: DeviceRow): row is DeviceRow & { missingSince: Date } => row.missingSince !== null

export const toDevice = (row: DeviceRow, index: number): Device => ({
  id: deviceId(row.id),
  index,
  name: row.name,
  backend: deviceSchema.shape.backend.parse(row.backend),
  memoryTotal: bytes(Number(row.memoryTotalBytes)),
  ...present('memoryUsed', fromColumn(row.memoryUsedBytes)),
  ...present('uuid', row.uuid),
  ...present('pciBusId', row.pciBusId),
  ...deviceDetailSchema.parse(JSON.parse(row.detail)),
})

const toColumn = (size: Bytes | undefined): bigint | null => (size === undefined ? null : BigInt(size))
const fromColumn = (size: bigint | null): Bytes | null => (size === null ? null : bytes(Number(size)))

/** The field where there is a value, and nothing where the column is empty. */
const present = <Key extends string, Value>(key: Key, value: Value | null) =>
  (value === null ? {} : { [key]: value }) as { readonly [K in Key]?: Value }
