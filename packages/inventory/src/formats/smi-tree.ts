import type { Bytes } from '@berth/core'
import { bytes } from '@berth/core'

import type { Notes, Place } from '../notes.ts'
import type { Figure } from '../text/figures.ts'
import { parseMemory, parseNumber, parsePciBusId, parseSwitch, parseUuid, saysUnknown } from '../text/figures.ts'
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

interface Found {
  readonly text: string
  readonly line: number
  readonly path: string
}

export function child(node: SmiNode, path: string): SmiNode | undefined {
  let here: SmiNode | undefined = node
  for (const tag of path.split('/')) here = here?.children.find((candidate) => candidate.tag === tag)
  return here
}

/** The first of the places that holds a figure and not an excuse. */
function find(node: SmiNode, places: Places): Found | undefined {
  for (const path of places) {
    const found = child(node, path)
    if (found !== undefined && !saysUnknown(found.text)) return { text: found.text, line: found.line, path }
  }
  return undefined
}

type Reader = <Value>(
  found: Found | undefined,
  parse: (text: string) => Figure<Value>,
  notes: Notes,
) => Value | undefined

const reader =
  (complain: (notes: Notes, place: Place) => void): Reader =>
  (found, parse, notes) => {
    if (found === undefined) return undefined
    const figure = parse(found.text)
    if (figure !== 'invalid') return figure
    complain(notes, { line: found.line, field: found.path, detail: found.text })
    return undefined
  }

/** A figure a plan can do without: what cannot be read is left out with a warning. */
const minor = reader((notes, place) => notes.warn('value-ignored', place))

/** A figure plans stand on: what cannot be read refuses the paste. */
const major = reader((notes, place) => notes.refuse('value-invalid', place))

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
export function readMemory(node: SmiNode, places: Places, notes: Notes): MemoryReading {
  const at = (leaf: string): Places => places.map((place) => `${place}/${leaf}`)
  const reported = major(find(node, at('total')), parseMemory, notes)
  const used = major(find(node, at('used')), parseMemory, notes)
  const free = minor(find(node, at('free')), parseMemory, notes)
  const reserved = minor(find(node, at('reserved')), parseMemory, notes)
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
  /** The bus id of the heading or the `id` attribute: present even when the driver lost the card. */
  readonly headingBusId?: string
}

export function readSmiGpu(gpu: SmiGpu, notes: Notes): DeviceReading {
  const { node, places } = gpu
  const heading = gpu.headingBusId === undefined ? undefined : { text: gpu.headingBusId, line: node.line, path: 'id' }
  const uuid = minor(find(node, places.uuid), parseUuid, notes)
  const pcie = defined({
    generation: minor(find(node, places.generation), parseNumber, notes),
    generationMax: minor(find(node, places.generationMax), parseNumber, notes),
    width: minor(find(node, places.width), parseNumber, notes),
    widthMax: minor(find(node, places.widthMax), parseNumber, notes),
  })
  const migEnabled = minor(find(node, places.mig), parseSwitch, notes)
  const slices = readSlices(gpu, notes)
  return defined({
    line: node.line,
    backend: 'cuda' as const,
    name: find(node, places.name)?.text,
    uuid,
    pciBusId: minor(find(node, places.busId) ?? heading, parsePciBusId, notes),
    ...readMemory(node, places.memory, notes),
    pcie: Object.keys(pcie).length === 0 ? undefined : pcie,
    powerLimitWatts: minor(find(node, places.powerLimit), parseNumber, notes),
    powerDefaultWatts: minor(find(node, places.powerDefault), parseNumber, notes),
    eccEnabled: minor(find(node, places.ecc), parseSwitch, notes),
    displayAttached: minor(find(node, places.displayAttached), parseSwitch, notes),
    migEnabled,
    slices: migEnabled === true && slices.length > 0 ? slices : undefined,
  })
}

/** XML wraps the slices in `mig_devices`; the text form lists them directly. */
function readSlices(gpu: SmiGpu, notes: Notes): readonly SliceReading[] {
  const holder = child(gpu.node, 'mig_devices') ?? gpu.node
  return holder.children
    .filter((candidate) => candidate.tag === 'mig_device' && candidate.children.length > 0)
    .map((slice, order) =>
      defined({
        line: slice.line,
        index: minor(find(slice, ['index']), parseNumber, notes) ?? order,
        uuid: minor(find(slice, ['uuid', 'mig_uuid']), parseUuid, notes),
        gpuInstance: minor(find(slice, ['gpu_instance_id']), parseNumber, notes),
        ...readMemory(slice, gpu.places.sliceMemory, notes),
      }),
    )
}
