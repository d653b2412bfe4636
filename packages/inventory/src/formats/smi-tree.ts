import type { Bytes } from '@berth/core'
import { bytes } from '@berth/core'

import type { FieldReader } from '../field-reader.ts'
import { readerOf } from '../field-reader.ts'
import type { Notes } from '../notes.ts'
import {
  orUnknown,
  parseMemory,
  parseNumber,
  parsePciBusId,
  parseSwitch,
  parseUuid,
  saysUnknown,
} from '../text/figures.ts'
import type { DeviceReading, HostReading, SliceReading } from './format.ts'
import { defined } from './format.ts'

/** A tag of `nvidia-smi -q -x`, or a heading or figure of `nvidia-smi -q`. */
export interface SmiNode {
  readonly tag: string
  readonly text: string
  readonly line: number
  readonly children: readonly SmiNode[]
}

/** Where a figure may stand, most telling place first: names changed with the driver. */
type Places = readonly string[]

export interface SmiPlaces {
  readonly name: Places
  readonly uuid: Places
  readonly busId: Places
  readonly memory: Places
  readonly sliceMemory: Places
  readonly displayAttached: Places
  readonly ecc: Places
  readonly mig: Places
  readonly generation: Places
  readonly generationMax: Places
  readonly width: Places
  readonly widthMax: Places
  readonly powerLimit: Places
  readonly powerDefault: Places
}

export function child(node: SmiNode, path: string): SmiNode | undefined {
  let here: SmiNode | undefined = node
  for (const tag of path.split('/')) here = here?.children.find((candidate) => candidate.tag === tag)
  return here
}

/** Reads the first of several places that holds a figure and not an excuse. */
export const placesOf = (node: SmiNode, notes: Notes): FieldReader<Places> =>
  readerOf((places) => {
    for (const path of places) {
      const found = child(node, path)
      if (found !== undefined && !saysUnknown(found.text)) {
        return { text: found.text, place: () => ({ line: found.line, field: path }) }
      }
    }
    return undefined
  }, notes)

/** Windows alone has driver models; elsewhere N/A is printed. The XML has its own tag for the one in use. */
const hasWindowsModel = (gpu: SmiNode): boolean =>
  ['driver_model/current_dm', 'driver_model/current'].some((path) => isWindowsModel(child(gpu, path)?.text ?? ''))

/** The display's model, that of compute cards without one, and the one for cards that neither show nor compute alone. */
export const isWindowsModel = (text: string): boolean => /^(?:WDDM|TCC|MCDM)$/.test(text.trim())

/** Driver 610 renames the label to KMD and adds a remark to the old one: "610.62 [Deprecated; …]". */
export function driverOf(root: SmiNode, gpus: readonly SmiNode[]): HostReading {
  const printed = child(root, 'driver_version')?.text ?? child(root, 'kmd_version')?.text ?? ''
  const driverVersion = /^\d[\w.-]{0,31}/.exec(printed)?.[0]
  return defined({ os: gpus.some(hasWindowsModel) ? ('windows' as const) : undefined, driverVersion })
}

interface MemoryReading {
  readonly reported?: Bytes
  readonly used?: Bytes
  readonly driverReserved?: Bytes
}

/**
 * Total, used and what the driver keeps. Drivers before 510 print no `reserved`; where total, used and free are
 * printed and do not add up, the rest is what the driver keeps.
 */
export function readMemory({ need, want }: FieldReader<Places>, places: Places): MemoryReading {
  const at = (leaf: string): Places => places.map((place) => `${place}/${leaf}`)
  const [reported, used] = [need(at('total'), parseMemory), need(at('used'), parseMemory)]
  const [free, reserved] = [want(at('free'), parseMemory), want(at('reserved'), parseMemory)]
  return defined({
    reported,
    used: used ?? usedOf(reported, free, reserved),
    driverReserved: reserved ?? unaccounted(reported, used, free),
  })
}

export function unaccounted(total?: Bytes, used?: Bytes, free?: Bytes): Bytes | undefined {
  if (total === undefined || used === undefined || free === undefined) return undefined
  const rest = total - used - free
  return rest > 0 ? bytes(rest) : undefined
}

/** What others hold where only the total and what is free were asked for. */
export function usedOf(total?: Bytes, free?: Bytes, reserved = bytes(0)): Bytes | undefined {
  if (total === undefined || free === undefined || free + reserved > total) return undefined
  return bytes(total - free - reserved)
}

export interface SmiGpu {
  readonly node: SmiNode
  readonly places: SmiPlaces
  /** The bus id of the heading: present even when the driver lost the card. */
  readonly headingBusId?: string
}

export function readSmiGpu(gpu: SmiGpu, notes: Notes): DeviceReading {
  const { node, places } = gpu
  const reader = placesOf(node, notes)
  const { want } = reader
  const pcie = defined({
    generation: want(places.generation, parseNumber),
    generationMax: want(places.generationMax, parseNumber),
    width: want(places.width, parseNumber),
    widthMax: want(places.widthMax, parseNumber),
  })
  const migEnabled = want(places.mig, parseSwitch)
  const slices = readSlices(gpu, notes)
  return defined({
    line: node.line,
    backend: 'cuda' as const,
    name: want(places.name, (text) => text),
    uuid: want(places.uuid, parseUuid),
    pciBusId: want(places.busId, parsePciBusId) ?? orUnknown(parsePciBusId(gpu.headingBusId ?? '')),
    ...readMemory(reader, places.memory),
    pcie: Object.keys(pcie).length === 0 ? undefined : pcie,
    powerLimitWatts: want(places.powerLimit, parseNumber),
    powerDefaultWatts: want(places.powerDefault, parseNumber),
    eccEnabled: want(places.ecc, parseSwitch),
    displayAttached: want(places.displayAttached, parseSwitch),
    migEnabled,
    slices: migEnabled === true && slices.length > 0 ? slices : undefined,
  })
}

/** XML wraps the slices in `mig_devices`; the text form lists them directly. */
function readSlices(gpu: SmiGpu, notes: Notes): readonly SliceReading[] {
  const holder = child(gpu.node, 'mig_devices') ?? gpu.node
  return holder.children
    .filter((candidate) => candidate.tag === 'mig_device' && candidate.children.length > 0)
    .map((slice, order) => {
      const reader = placesOf(slice, notes)
      return defined({
        line: slice.line,
        index: reader.want(['index'], parseNumber) ?? order,
        uuid: reader.want(['uuid', 'mig_uuid'], parseUuid),
        gpuInstance: reader.want(['gpu_instance_id'], parseNumber),
        ...readMemory(reader, gpu.places.sliceMemory),
      })
    })
}
