import { completeMachine } from '@berth/catalogue'
import { type Bytes, bytes, type Device, type DeviceId, deviceId, type Machine, machineId } from '@berth/core'
import type { Queries } from '../db.ts'
import { ApiError } from '../errors.ts'
import type { Device as DeviceRow, Machine as MachineRow } from '../generated/sqlite/client.ts'
import { newId } from '../ids.ts'
import type { KnownMachine } from './match.ts'
import { deviceSchema, type Maintenance, machineSchema, type MachineView } from './schema.ts'

type Row = MachineRow & { readonly devices: readonly DeviceRow[] }

const withDevices = { devices: { orderBy: { position: 'asc' } } } as const

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
  uuid: true,
  pciBusId: true,
})

/** A machine to be written: what is there, and what is known but missing. */
export interface MachineRecord {
  readonly machine: Machine
  readonly missing: readonly Device[]
  readonly rawText: string
}

/** In the order of their making. */
export async function listMachines(
  db: Queries,
  teamId: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<{ items: MachineView[]; nextCursor: string | null }> {
  const rows = await db.machine.findMany({
    where: { teamId, ...(cursor === undefined ? {} : { id: { gt: cursor } }) },
    orderBy: { id: 'asc' },
    take: limit + 1,
    include: withDevices,
  })
  const page = rows.slice(0, limit)
  return { items: page.map(toView), nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
}

/** The machines of these ids, or all that are not in maintenance; at most `limit` of them. */
export async function findMachines(
  db: Queries,
  teamId: string,
  { ids, limit }: { readonly ids?: readonly string[] | undefined; readonly limit: number },
): Promise<readonly MachineView[]> {
  const where = { teamId, ...(ids === undefined ? { maintenanceSince: null } : { id: { in: [...ids] } }) }
  const rows = await db.machine.findMany({ where, orderBy: { id: 'asc' }, take: limit, include: withDevices })
  return rows.map(toView)
}

/** Every machine of the team as an import compares with it: as its tools printed it, and no more. */
export async function knownMachines(db: Queries, teamId: string): Promise<readonly KnownMachine[]> {
  const rows = await db.machine.findMany({ where: { teamId }, orderBy: { id: 'asc' }, include: withDevices })
  return rows.map((row) => ({
    machine: toMachine(row),
    missing: row.devices.filter(isMissing).map((device) => toDevice(device, device.position)),
  }))
}

export async function findMachine(
  db: Queries,
  teamId: string,
  id: string,
): Promise<(MachineView & { readonly rawText: string }) | undefined> {
  const row = await db.machine.findUnique({ where: { teamId_id: { teamId, id } }, include: withDevices })
  return row === null ? undefined : { ...toView(row), rawText: row.rawText }
}

/** As it was read or said, without what the catalogue adds. */
export async function findAsRead(db: Queries, teamId: string, id: string): Promise<Machine | undefined> {
  const row = await db.machine.findUnique({ where: { teamId_id: { teamId, id } }, include: withDevices })
  return row === null ? undefined : toMachine(row)
}

/** Saves under an id of its own; the machine's is of where it was read. */
export async function createMachine(
  db: Queries,
  teamId: string,
  { machine, rawText, sample }: { readonly machine: Machine; readonly rawText: string; readonly sample: boolean },
): Promise<MachineView> {
  const row = await db.machine.create({
    data: {
      teamId,
      id: newId(),
      name: machine.name,
      rawText,
      sample,
      ...machineColumns(machine),
      devices: { create: machine.devices.map((device) => deviceColumns(device, null)) },
    },
    include: withDevices,
  })
  return toView(row)
}

/** Everything but the name and the id becomes as given. A device that goes missing is marked with the time. */
export async function replaceMachine(
  db: Queries,
  { teamId, id }: { readonly teamId: string; readonly id: string },
  { machine, missing, rawText }: MachineRecord,
): Promise<MachineView> {
  const before = await db.device.findMany({ where: { teamId, machineId: id, missingSince: { not: null } } })
  const since = new Map(before.map((device) => [device.id, device.missingSince]))
  const now = new Date()
  await db.device.deleteMany({ where: { teamId, machineId: id } })
  const row = await db.machine.update({
    where: { teamId_id: { teamId, id } },
    data: {
      ...machineColumns(machine),
      rawText,
      revision: { increment: 1 },
      devices: {
        create: [
          ...machine.devices.map((device) => deviceColumns(device, null)),
          ...missing.map((device) => deviceColumns(device, since.get(device.id) ?? now)),
        ],
      },
    },
    include: withDevices,
  })
  return toView(row)
}

/** What of a machine is not read but said; what is left out stays. */
export interface MachineChange {
  readonly name?: string | undefined
  /** A time it is in maintenance already stays the time since when. */
  readonly maintenance?: boolean | undefined
  readonly note?: string | null | undefined
}

/** @throws {ApiError} `name-taken` when another machine of the team has the name. */
export async function updateMachine(
  db: Queries,
  { teamId, id }: { readonly teamId: string; readonly id: string },
  { name, maintenance, note }: MachineChange,
): Promise<boolean> {
  const named = name === undefined ? {} : { name }
  const maintained = maintenance === false ? { maintenanceSince: null, maintenanceNote: null } : {}
  const noted = note === undefined ? {} : { maintenanceNote: note }
  try {
    const data = { ...named, ...maintained, ...noted, revision: { increment: 1 } }
    const { count } = await db.machine.updateMany({ where: { teamId, id }, data })
    if (maintenance === true) {
      const where = { teamId, id, maintenanceSince: null }
      await db.machine.updateMany({ where, data: { maintenanceSince: new Date() } })
    }
    return count > 0
  } catch (error) {
    if (name === undefined || !(error instanceof Error && 'code' in error && error.code === 'P2002')) throw error
    throw new ApiError('name-taken', `Another machine is called ${name}.`, { cause: error, data: { name } })
  }
}

/** Its devices go with it; its plans must be gone. */
export async function removeMachine(db: Queries, teamId: string, id: string): Promise<boolean> {
  const { count } = await db.machine.deleteMany({ where: { teamId, id } })
  return count > 0
}

/** Forgets a device that is missing; one that is there stays. */
export async function removeMissingDevice(
  db: Queries,
  { teamId, machineId }: { readonly teamId: string; readonly machineId: string },
  id: DeviceId,
): Promise<boolean> {
  const { count } = await db.device.deleteMany({ where: { teamId, machineId, id, missingSince: { not: null } } })
  return count > 0
}

export const sampleMachineIds = async (db: Queries, teamId: string): Promise<readonly string[]> =>
  (await db.machine.findMany({ where: { teamId, sample: true }, select: { id: true } })).map(({ id }) => id)

export const machineNames = async (db: Queries, teamId: string): Promise<readonly string[]> =>
  (await db.machine.findMany({ where: { teamId }, select: { name: true } })).map(({ name }) => name)

const machineColumns = (machine: Machine) => ({
  hostMemoryTotalBytes: toColumn(machine.hostMemoryTotal),
  hostMemoryUsedBytes: toColumn(machine.hostMemoryUsed),
  detail: JSON.stringify(machineDetailSchema.parse(machine)),
})

const deviceColumns = (device: Device, missingSince: Date | null) => ({
  id: device.id,
  position: device.index,
  name: device.name,
  backend: device.backend,
  memoryTotalBytes: BigInt(device.memoryTotal),
  memoryUsedBytes: toColumn(device.memoryUsed),
  uuid: device.uuid ?? null,
  pciBusId: device.pciBusId ?? null,
  missingSince,
  detail: JSON.stringify(deviceDetailSchema.parse(device)),
})

const toMachine = (row: Row): Machine => ({
  id: machineId(row.id),
  name: row.name,
  ...present('hostMemoryTotal', fromColumn(row.hostMemoryTotalBytes)),
  ...present('hostMemoryUsed', fromColumn(row.hostMemoryUsedBytes)),
  ...machineDetailSchema.parse(JSON.parse(row.detail)),
  devices: row.devices.filter((device) => !isMissing(device)).map(toDevice),
})

const toView = (row: Row): MachineView => ({
  // Stored as its tools printed it; what they do not print of known hardware is the catalogue's of today.
  ...completeMachine(toMachine(row)),
  missingDevices: row.devices.filter(isMissing).map(({ id, name, uuid, missingSince }) => ({
    id: deviceId(id),
    name,
    uuid,
    missingSince: missingSince.toISOString(),
  })),
  maintenance: toMaintenance(row),
  sample: row.sample,
  revision: row.revision,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
})

export const toMaintenance = ({
  maintenanceSince: since,
  maintenanceNote: note,
}: Pick<MachineRow, 'maintenanceSince' | 'maintenanceNote'>): Maintenance =>
  since === null ? null : { since: since.toISOString(), note }

const isMissing = (row: DeviceRow): row is DeviceRow & { missingSince: Date } => row.missingSince !== null

const toDevice = (row: DeviceRow, index: number): Device => ({
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
