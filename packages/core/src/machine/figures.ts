import { type Bytes, bytes, GIB } from '../units.ts'
import type { Device, Machine, MemoryFigures, PcieSlot } from './machine.ts'

export type FigureValue = number | boolean | string

/** What a figure is counted in. */
export type FigureUnit =
  | 'bytes'
  | 'bytes-per-second'
  | 'flops-per-second'
  | 'watts'
  | 'generation'
  | 'lanes'
  | 'cores'
  | 'yes-no'
  | 'text'

interface NumberLimits {
  readonly kind: 'number'
  readonly unit: FigureUnit
  readonly min: number
  readonly max: number
  readonly whole: boolean
  /** The only values there are, where they are few. */
  readonly choices?: readonly number[]
}

interface FlagLimits {
  readonly kind: 'flag'
  readonly unit: 'yes-no'
}

interface TextLimits {
  readonly kind: 'text'
  readonly unit: 'text'
  readonly pattern: RegExp
}

/** What a figure may be set to. */
export type FigureLimits = NumberLimits | FlagLimits | TextLimits

interface Place<Subject, Value> {
  readonly read: (subject: Subject) => Value | undefined
  readonly write: (subject: Subject, value: Value) => Subject
}

/** A figure that a person may set against what was read: its limits, and where it lies. */
export type SettableFigure<Subject> =
  | (NumberLimits & Place<Subject, number>)
  | (FlagLimits & Place<Subject, boolean>)
  | (TextLimits & Place<Subject, string>)

/** No card has a tenth of it, and sums of 128 stay exact; more is a slip of the unit. */
const MAX_DEVICE_BYTES = 4096 * GIB
/** 1 PiB, as of machines that are read: no host has more. */
const MAX_HOST_BYTES = 2 ** 50
/** From the slowest module ever put into a GPU to a hundred times the fastest stack of today. */
const RATE_LIMITS = { min: 1e8, max: 1e15 } as const
/** A thousand times the fastest of today, and below where whole operations can no longer be told apart. */
const FLOPS_LIMITS = { min: 1e9, max: 1e15 * 9 } as const
/** A rack; a card draws 1200 W at most today. */
const MAX_WATTS = 20_000
/** PCI Express 8.0 is being written. */
const MAX_PCIE_GENERATION = 9
/** Widths of a slot by PCI Express. */
const PCIE_WIDTHS = [1, 2, 4, 8, 12, 16, 32] as const
/** Far above the largest processor's hardware threads of today. */
const MAX_CPU_CORES = 4096
/** "8.6", "gfx90a", "Xe-HPG ACM-G11": letters, figures and a few signs, 40 of them at most. */
const ARCHITECTURE = /^[A-Za-z0-9](?:[\w .+-]{0,38}[\w+-])?$/

const memoryFigure = (name: keyof MemoryFigures, min: number): SettableFigure<Device> => ({
  kind: 'number',
  unit: 'bytes',
  min,
  max: MAX_DEVICE_BYTES,
  whole: true,
  read: ({ memory }) => memory[name]?.bytes,
  write: (device, value) => ({
    ...device,
    memory: { ...device.memory, [name]: { bytes: bytes(value), provenance: 'typed' } },
  }),
})

const pcieFigure = (
  name: keyof PcieSlot,
  limits: Pick<NumberLimits, 'unit' | 'min' | 'max' | 'choices'>,
): SettableFigure<Device> => ({
  kind: 'number',
  whole: true,
  ...limits,
  read: ({ pcie }) => pcie?.[name],
  write: (device, value) => ({ ...device, pcie: { ...device.pcie, [name]: value } }),
})

/** By the path of the field that each sets; a memory figure's field is its `bytes`. */
export const deviceFigures = {
  'memory.nominal': memoryFigure('nominal', 1),
  'memory.reported': memoryFigure('reported', 1),
  'memory.runtime': memoryFigure('runtime', 1),
  'memory.driverReserved': memoryFigure('driverReserved', 0),
  'memory.policyReserved': memoryFigure('policyReserved', 0),
  memoryBandwidthBytesPerSecond: {
    kind: 'number',
    unit: 'bytes-per-second',
    ...RATE_LIMITS,
    whole: false,
    read: (device) => device.memoryBandwidthBytesPerSecond,
    write: (device, value) => ({ ...device, memoryBandwidthBytesPerSecond: value }),
  },
  fp16FlopsPerSecond: {
    kind: 'number',
    unit: 'flops-per-second',
    ...FLOPS_LIMITS,
    whole: false,
    read: (device) => device.fp16FlopsPerSecond,
    write: (device, value) => ({ ...device, fp16FlopsPerSecond: value }),
  },
  powerLimitWatts: {
    kind: 'number',
    unit: 'watts',
    min: 1,
    max: MAX_WATTS,
    whole: false,
    read: (device) => device.powerLimitWatts,
    write: (device, value) => ({ ...device, powerLimitWatts: value }),
  },
  'pcie.generation': pcieFigure('generation', { unit: 'generation', min: 1, max: MAX_PCIE_GENERATION }),
  'pcie.width': pcieFigure('width', { unit: 'lanes', min: 1, max: 32, choices: PCIE_WIDTHS }),
  displayAttached: {
    kind: 'flag',
    unit: 'yes-no',
    read: (device) => device.displayAttached,
    write: (device, value) => ({ ...device, displayAttached: value }),
  },
  architecture: {
    kind: 'text',
    unit: 'text',
    pattern: ARCHITECTURE,
    read: (device) => device.architecture,
    write: (device, value) => ({ ...device, architecture: value }),
  },
} as const satisfies Record<string, SettableFigure<Device>>

export const machineFigures = {
  hostMemoryTotal: {
    kind: 'number',
    unit: 'bytes',
    min: 1,
    max: MAX_HOST_BYTES,
    whole: true,
    read: (machine): Bytes | undefined => machine.hostMemoryTotal,
    write: (machine, value) => ({ ...machine, hostMemoryTotal: bytes(value) }),
  },
  hostMemoryBandwidthBytesPerSecond: {
    kind: 'number',
    unit: 'bytes-per-second',
    ...RATE_LIMITS,
    whole: false,
    read: (machine) => machine.hostMemoryBandwidthBytesPerSecond,
    write: (machine, value) => ({ ...machine, hostMemoryBandwidthBytesPerSecond: value }),
  },
  cpuCores: {
    kind: 'number',
    unit: 'cores',
    min: 1,
    max: MAX_CPU_CORES,
    whole: true,
    read: (machine) => machine.cpuCores,
    write: (machine, value) => ({ ...machine, cpuCores: value }),
  },
} as const satisfies Record<string, SettableFigure<Machine>>

export type DeviceFigure = keyof typeof deviceFigures
export type MachineFigure = keyof typeof machineFigures

export const isDeviceFigure = (figure: string): figure is DeviceFigure => Object.hasOwn(deviceFigures, figure)
export const isMachineFigure = (figure: string): figure is MachineFigure => Object.hasOwn(machineFigures, figure)

export const limitsOf = (figure: DeviceFigure | MachineFigure): FigureLimits =>
  isMachineFigure(figure) ? machineFigures[figure] : deviceFigures[figure]
