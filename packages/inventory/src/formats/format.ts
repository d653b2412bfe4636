import type {
  Backend,
  Bytes,
  Link,
  Machine,
  NetworkInterface,
  OperatingSystem,
  PcieSlot,
  PeerAccess,
  Standing,
} from '@berth/core'

import type { FormatId } from '../issue.ts'
import type { Notes } from '../notes.ts'

/** One tool's output, cut out of a paste. */
export interface Section {
  /** 1 for the first of the paste. */
  readonly index: number
  readonly firstLine: number
  readonly hostName?: string
  /** What was typed above it: a table without a header has its columns there, and some tools print not what was asked. */
  readonly command?: string
  readonly lines: readonly string[]
}

/** A MIG slice as its parent's section prints it. */
export interface SliceReading {
  readonly line: number
  readonly index: number
  readonly uuid?: string
  /** "3g.20gb", or "1c.3g.71gb" for a compute instance within a GPU instance. */
  readonly profile?: string
  readonly gpuInstance?: number
  readonly reported?: Bytes
  readonly used?: Bytes
  readonly driverReserved?: Bytes
}

/** What one section says about one card; what it does not say is absent. */
export interface DeviceReading {
  readonly line: number
  readonly backend: Backend
  readonly name?: string
  /** The name ends where the tool cut it. */
  readonly nameCutShort?: boolean
  readonly uuid?: string
  readonly pciBusId?: string
  /** The vendor tool's numbering, which is PCI bus order; absent when the section does not show every GPU. */
  readonly smiIndex?: number
  readonly architecture?: string
  readonly computeUnits?: number
  /** On the box, as a person has entered it in a stock list. */
  readonly nominal?: Bytes
  readonly reported?: Bytes
  readonly runtime?: Bytes
  readonly driverReserved?: Bytes
  readonly used?: Bytes
  readonly unified?: boolean
  readonly pcie?: PcieSlot
  readonly powerLimitWatts?: number
  readonly powerDefaultWatts?: number
  readonly eccEnabled?: boolean
  readonly displayAttached?: boolean
  readonly migEnabled?: boolean
  readonly slices?: readonly SliceReading[]
}

/** One of a host's GPUs: the vendor tool's number of it, or its bus id. */
export type LinkEnd = number | string

/** A path between two GPUs. */
export interface LinkReading {
  readonly line: number
  readonly from: LinkEnd
  readonly to: LinkEnd
  readonly kind: string
  /** Whose GPUs are numbered; CUDA's where it is left out. */
  readonly backend?: Backend
  /** In one direction, where the tool prints it. */
  readonly bytesPerSecond?: number
}

/** The NVLinks one GPU has up, by nvidia-smi's numbering; each in one direction. */
export interface NvlinkReading {
  readonly line: number
  readonly gpu: number
  readonly links: number
  readonly bytesPerSecondPerLink: number
}

/** What one GPU may do with another's memory, by nvidia-smi's numbering. */
export interface PeerReading {
  readonly line: number
  readonly from: number
  readonly to: number
  readonly access: PeerAccess
  /** False where the paste does not show which of the capabilities was asked for. */
  readonly told: boolean
}

export interface NetworkReading {
  readonly name: string
  /** 0 where it has no link or tells no speed; absent when the tool prints none. */
  readonly bitsPerSecond?: number
  /** Made by software: a bridge, a pod's, the loopback. */
  readonly isVirtual?: true
}

export interface HostReading {
  readonly os?: OperatingSystem
  readonly memoryTotal?: Bytes
  readonly memoryUsed?: Bytes
  /** How much of its memory Metal may take, as an administrator has set it. */
  readonly metalLimit?: Bytes
  readonly cpuName?: string
  readonly cpuCores?: number
  readonly driverVersion?: string
}

/** What a monitor measured of one card that other tools name: it makes no device and removes none. */
export interface CardObservation {
  readonly line: number
  readonly uuid?: string
  readonly pciBusId?: string
  /** The tool's number of the card, which counts the cards of `backend` in PCI bus order. */
  readonly index?: number
  readonly backend: Backend
  /** The profile of the MIG slice that is meant, where it is not the whole card. */
  readonly migProfile?: string
  readonly used: Bytes
}

/** A model that an engine holds in memory. */
export interface LoadedModel {
  readonly name: string
  /** On all devices and the host together. */
  readonly size: Bytes
  /** The part of `size` that is on devices; which, is not told. */
  readonly sizeOnDevices: Bytes
}

/** A path between two GPUs of a host whose cards other tools name. */
export interface PathObservation extends Omit<Link, 'from' | 'to'> {
  readonly line: number
  readonly from: LinkEnd
  readonly to: LinkEnd
  /** Whose GPUs are numbered. */
  readonly backend: Backend
}

/** What was seen of one host whose cards are known already. */
export interface HostObservation {
  readonly line: number
  /** Absent when neither the tool nor the paste names the host. */
  readonly hostName?: string
  readonly cards: readonly CardObservation[]
  /** Absent when no tool told of any. */
  readonly paths?: readonly PathObservation[]
  readonly networkInterfaces?: readonly NetworkInterface[]
  /** Absent when the tool does not know models; empty when none is loaded. */
  readonly models?: readonly LoadedModel[]
}

/** What a section says of a machine beside its figures. */
export interface ToldOfMachine extends Standing {
  /** A table of machines alone: it says nothing of their devices, and does not say that there are none. */
  readonly devicesUntold?: true
}

export interface SectionReading {
  readonly devices: readonly DeviceReading[]
  readonly links?: readonly LinkReading[]
  readonly nvlinks?: readonly NvlinkReading[]
  readonly peers?: readonly PeerReading[]
  readonly network?: readonly NetworkReading[]
  readonly host?: HostReading
  /** The tool was asked for one card, by its number: others of the host may stand in other sections. */
  readonly oneOfSeveral?: boolean
  /** The section ran and says there is no GPU, so an empty `devices` is an answer. */
  readonly saysNoDevices?: boolean
  /** What the section says about hosts it names itself; the rest of the reading is then empty. */
  readonly hosts?: readonly { readonly hostName: string; readonly reading: SectionReading }[]
  /** What a monitor measured; the rest of the reading is then empty. */
  readonly observations?: readonly HostObservation[]
  /** Whole machines: only Berth's own formats have them. */
  readonly machines?: readonly Machine[]
  /** By the name of the machine. */
  readonly told?: ReadonlyMap<string, ToldOfMachine>
}

interface FormatBase {
  readonly id: FormatId
  /** Where two formats print the same figure, the lower rank is believed. */
  readonly rank: number
}

/** A format known by its lines. `starts` and `end` must be linear in the lines they look at. */
export interface TextFormat extends FormatBase {
  readonly kind: 'text'
  readonly starts: (lines: readonly string[], at: number, command?: string) => boolean
  /** The line after the last that belongs to the section; a heading ends it in any case unless `spansHeadings`. */
  readonly end: (lines: readonly string[], at: number, command?: string) => number
  readonly spansHeadings?: boolean
  readonly read: (section: Section, notes: Notes) => SectionReading
}

/** A format known by the shape of one JSON value. */
export interface JsonFormat extends FormatBase {
  readonly kind: 'json'
  readonly accepts: (value: unknown) => boolean
  readonly readJson: (value: unknown, section: Section, notes: Notes) => SectionReading
}

/** What one tool printed when a collector ran it. */
export interface CollectedOutput {
  /** The line of the paste on which the output stands. */
  readonly line: number
  readonly command: string
  readonly exitCode: number
  /** Why it failed, in the tool's words or the collector's. */
  readonly error?: string
  readonly output: string
}

/** One machine's outputs, with when and how often they are gathered. */
export interface CollectedHost {
  readonly hostName: string
  readonly os?: OperatingSystem
  /** RFC 3339, by the machine's own clock. */
  readonly collectedAt: string
  /** Absent when it was run once, by hand. */
  readonly everySeconds?: number
  readonly outputs: readonly CollectedOutput[]
}

/** A JSON value that holds other tools' outputs, each to be read as what it is. */
export interface BundleFormat extends FormatBase {
  readonly kind: 'bundle'
  readonly accepts: (value: unknown) => boolean
  readonly unpack: (value: unknown, section: Section, notes: Notes) => readonly CollectedHost[]
}

export type Format = TextFormat | JsonFormat | BundleFormat

export const nothingRead: SectionReading = { devices: [] }

/** The object without its undefined fields, as `exactOptionalPropertyTypes` wants it. */
export function defined<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]: Exclude<Fields[Key], undefined>
  }
}
