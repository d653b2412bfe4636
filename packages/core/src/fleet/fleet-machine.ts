import type { Device, Machine } from '../machine/machine.ts'
import { heldInAll, heldOnDevice, type MemoryHeld } from '../machine/memory-held.ts'
import { isCutIntoSlices } from '../machine/mig.ts'
import { type Bytes, bytes, sumBytes } from '../units.ts'
import type { Labels } from './labels.ts'

/** What people say of a machine and no tool prints; what is absent was not said. */
export interface Standing {
  /** Where it stands, as the team names its rooms. */
  readonly site?: string
  /** The person or group that looks after it. */
  readonly owner?: string
  readonly labels?: Labels
}

/** A machine as a list of many knows it. */
export interface FleetMachine extends Pick<Machine, 'id' | 'name'> {
  readonly devices: readonly Pick<
    Device,
    | 'id'
    | 'uuid'
    | 'migParent'
    | 'name'
    | 'memoryTotal'
    | 'memoryUsed'
    | 'memoryReserved'
    | 'memoryReservedWhenRead'
    | 'memory'
  >[]
  /** Known, but not shown by the last import. */
  readonly missingDevices: readonly unknown[]
  readonly site: string | null
  readonly owner: string | null
  readonly labels: Labels
  readonly maintenance: object | null
  readonly sample: boolean
  /** RFC 3339, UTC: such times sort as texts. */
  readonly readAt: string | null
  /** Why its figures in use are out of date; null while they are not. */
  readonly stale: string | null
}

type Devices = Pick<FleetMachine, 'devices'>

/** What a card has and what its slices have is the same memory: the slices count, for they are planned on. */
const plannable = (machine: Devices): Devices['devices'] =>
  machine.devices.filter((device) => !isCutIntoSlices(device, machine))

export const gpuMemoryTotal = (machine: Devices): Bytes =>
  sumBytes(plannable(machine).map(({ memoryTotal }) => memoryTotal))

const freeOf = (device: FleetMachine['devices'][number]): Bytes =>
  bytes(Math.max(0, device.memoryTotal - heldInAll(heldOnDevice(device))))

/** What others have of its GPUs: promised, and measured beside that. */
export function gpuMemoryHeld(machine: Devices): Required<MemoryHeld> {
  const held = plannable(machine).map((device) => heldOnDevice(device))
  return {
    reserved: sumBytes(held.map(({ reserved }) => reserved ?? bytes(0))),
    used: sumBytes(held.map(({ used }) => used)),
  }
}

/** What nobody held when it was measured, whatever is reserved; undefined where no GPU was ever measured. */
export function gpuMemoryFreeNow(machine: Devices): Bytes | undefined {
  const devices = plannable(machine)
  if (devices.every(({ memoryUsed }) => memoryUsed === undefined)) return undefined
  return sumBytes(devices.map(({ memoryTotal, memoryUsed = 0 }) => bytes(Math.max(0, memoryTotal - memoryUsed))))
}

/** What nobody held when it was measured and nobody has reserved; undefined where no GPU was ever measured. */
export function gpuMemoryFree(machine: Devices): Bytes | undefined {
  const devices = plannable(machine)
  if (devices.every(({ memoryUsed }) => memoryUsed === undefined)) return undefined
  return sumBytes(devices.map(freeOf))
}

/** As `gpuMemoryFree`, on the one GPU that had the most. */
export function largestGpuFree(machine: Devices): Bytes | undefined {
  const devices = plannable(machine)
  if (devices.every(({ memoryUsed }) => memoryUsed === undefined)) return undefined
  return bytes(Math.max(...devices.map(freeOf)))
}

/** Whether a tool on the machine printed any of its GPUs’ memory: else they are the catalogue’s, or said to be so. */
export const isMeasured = ({ devices }: Devices): boolean =>
  devices.length === 0 ||
  devices.some(({ memory }) => Object.values(memory).some(({ provenance }) => provenance === 'measured'))

/** How a machine stands with planning; one may be in several states at once. */
export const machineStates = ['ready', 'maintenance', 'gpus-missing', 'not-measured', 'stale', 'sample'] as const
export type MachineState = (typeof machineStates)[number]

const amiss = {
  maintenance: ({ maintenance }) => maintenance !== null,
  'gpus-missing': ({ missingDevices }) => missingDevices.length > 0,
  'not-measured': (machine) => !machine.sample && !isMeasured(machine),
  stale: ({ stale }) => stale !== null,
} satisfies Readonly<Partial<Record<MachineState, (machine: FleetMachine) => boolean>>>

const isAmiss = (machine: FleetMachine): boolean => Object.values(amiss).some((holds) => holds(machine))

const holds = {
  ...amiss,
  /** Planned on, with nothing to look into. */
  ready: (machine) => !isAmiss(machine),
  sample: ({ sample }) => sample,
} satisfies Readonly<Record<MachineState, (machine: FleetMachine) => boolean>>

/** In the order of `machineStates`. */
export const statesOf = (machine: FleetMachine): readonly MachineState[] =>
  machineStates.filter((state) => holds[state](machine))
