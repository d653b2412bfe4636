import type { DeviceId, MachineId } from '../ids.ts'
import type { Bytes } from '../units.ts'
import type { Link } from './link.ts'

/** The ggml backend that drives a device. */
export type Backend = 'cuda' | 'rocm' | 'vulkan' | 'metal' | 'sycl' | 'rpc'

export type Provenance = 'measured' | 'catalogue' | 'typed'

/** Four figures of one card that must never be confused, and what is kept back of it; each says where it comes from. */
export interface MemoryFigures {
  /** On the box: 24 GB is 24 GiB of chips. */
  readonly nominal?: { readonly bytes: Bytes; readonly provenance: Provenance }
  /** What the driver's tools print as total. */
  readonly reported?: { readonly bytes: Bytes; readonly provenance: Provenance }
  /** What a CUDA, HIP, Vulkan or Metal process sees as total. */
  readonly runtime?: { readonly bytes: Bytes; readonly provenance: Provenance }
  /** What the driver keeps for itself out of `reported`. */
  readonly driverReserved?: { readonly bytes: Bytes; readonly provenance: Provenance }
  /** What the team keeps back from every plan; no tool knows of it. */
  readonly policyReserved?: { readonly bytes: Bytes; readonly provenance: Provenance }
}

export interface PcieSlot {
  readonly generation?: number
  readonly generationMax?: number
  readonly width?: number
  readonly widthMax?: number
}

export interface Device {
  readonly id: DeviceId
  /** Position in the order the engine enumerates, which is PCI bus order. */
  readonly index: number
  readonly name: string
  readonly backend: Backend
  /** What a plan may use when nobody else does, as `memoryTotal` works it out of the figures. */
  readonly memoryTotal: Bytes
  readonly memory: MemoryFigures
  /** Held by other processes when last measured; absent when never measured. */
  readonly memoryUsed?: Bytes
  /** Promised to reservations from now on: the most in one moment of them. Absent where nothing is. */
  readonly memoryReserved?: Bytes
  /** What reservations that still stand held when `memoryUsed` was measured: so much of it is theirs. Absent: nothing. */
  readonly memoryReservedWhenRead?: Bytes
  /** Shares the host's memory (Apple silicon, integrated GPUs). */
  readonly unified: boolean
  readonly uuid?: string
  readonly pciBusId?: string
  /** CUDA compute capability ("8.6") or AMD target ("gfx1100"). */
  readonly architecture?: string
  /** As its vendor counts them: an Apple's GPU cores, an AMD's compute units. A chip of one name is sold with fewer. */
  readonly computeUnits?: number
  readonly memoryBandwidthBytesPerSecond?: number
  readonly fp16FlopsPerSecond?: number
  readonly pcie?: PcieSlot
  readonly powerLimitWatts?: number
  readonly powerDefaultWatts?: number
  readonly eccEnabled?: boolean
  readonly displayAttached?: boolean
  readonly migEnabled?: boolean
  /** A MIG slice, with the parent card's uuid. */
  readonly migParent?: string
  /** Which of these figures no tool or person gave: they are the catalogue's. */
  readonly fromCatalogue?: readonly CataloguedDeviceFigure[]
}

/** What the catalogue knows of a card by its name. */
export const cataloguedDeviceFigures = [
  'architecture',
  'memoryBandwidthBytesPerSecond',
  'fp16FlopsPerSecond',
  'pcie',
  'powerDefaultWatts',
] as const satisfies readonly (keyof Device)[]
export type CataloguedDeviceFigure = (typeof cataloguedDeviceFigures)[number]

/** A card or port that other hosts are reached through. */
export interface NetworkInterface {
  /** As the operating system calls it; neither its address nor its MAC is kept. */
  readonly name: string
  /** 0 where it has no link, or a driver that tells no speed; absent when no tool that was read prints it. */
  readonly bitsPerSecond?: number
}

export const operatingSystems = ['linux', 'windows', 'macos'] as const
export type OperatingSystem = (typeof operatingSystems)[number]

export interface Machine {
  readonly id: MachineId
  readonly name: string
  /** Absent when no tool that was read tells. */
  readonly os?: OperatingSystem
  /** Absent when no tool that was read prints it. */
  readonly hostMemoryTotal?: Bytes
  readonly hostMemoryUsed?: Bytes
  /** As a device's. */
  readonly hostMemoryReserved?: Bytes
  readonly hostMemoryReservedWhenRead?: Bytes
  /** All memory channels together, as the modules are clocked. */
  readonly hostMemoryBandwidthBytesPerSecond?: number
  readonly cpuName?: string
  readonly cpuCores?: number
  readonly driverVersion?: string
  readonly devices: readonly Device[]
  readonly links: readonly Link[]
  /** Absent when no tool that was read lists them. */
  readonly networkInterfaces?: readonly NetworkInterface[]
  /** As a device's: the figure is what the catalogue knows of the processor. */
  readonly fromCatalogue?: readonly 'hostMemoryBandwidthBytesPerSecond'[]
}

/** As engines and drivers enumerate them. */
export const inEngineOrder = (devices: readonly Device[]): readonly Device[] =>
  devices.toSorted((left, right) => left.index - right.index)
