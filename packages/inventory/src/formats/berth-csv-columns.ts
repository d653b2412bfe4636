import type { Bytes, Device, Labels, Machine, MemoryFigures, PcieSlot, ReservedFigure, Standing } from '@berth/core'
import { memoryTotal, readLabels, writeLabels } from '@berth/core'

import { isRecord, textOf } from '../json/check.ts'
import { parseMemory } from '../text/figures.ts'
import { interfacesFrom, linksFrom, readInterfaces, readLinks } from './berth-csv-links.ts'

/** How a cell is written: sizes are bytes, and may be typed with a unit; a list has `;` between its words. */
type Kind = 'text' | 'number' | 'size' | 'boolean' | 'list' | 'links' | 'interfaces' | 'labels'

interface Shape {
  readonly [name: string]: Kind | Shape
}

/** A table per type, so that a field added to `Machine` or `Device` is a compile error here until it has a column. */
type ShapeOf<Type> = { readonly [Field in keyof Type]-?: Kind | Shape }

const figure = { bytes: 'size', provenance: 'text' } as const satisfies Shape
const memory = {
  nominal: figure,
  reported: figure,
  runtime: figure,
  driverReserved: figure,
  policyReserved: figure,
} as const satisfies ShapeOf<MemoryFigures>
const pcie = {
  generation: 'number',
  generationMax: 'number',
  width: 'number',
  widthMax: 'number',
} as const satisfies ShapeOf<PcieSlot>

const machineShape = {
  name: 'text',
  id: 'text',
  site: 'text',
  owner: 'text',
  labels: 'labels',
  os: 'text',
  hostMemoryTotal: 'size',
  hostMemoryUsed: 'size',
  hostMemoryBandwidthBytesPerSecond: 'number',
  cpuName: 'text',
  cpuCores: 'number',
  driverVersion: 'text',
  fromCatalogue: 'list',
  links: 'links',
  networkInterfaces: 'interfaces',
} as const satisfies ShapeOf<Omit<Machine, 'devices' | ReservedFigure> & Standing>

const deviceShape = {
  index: 'number',
  name: 'text',
  id: 'text',
  backend: 'text',
  memoryTotal: 'size',
  memory,
  memoryUsed: 'size',
  unified: 'boolean',
  uuid: 'text',
  pciBusId: 'text',
  architecture: 'text',
  computeUnits: 'number',
  memoryBandwidthBytesPerSecond: 'number',
  fp16FlopsPerSecond: 'number',
  pcie,
  powerLimitWatts: 'number',
  powerDefaultWatts: 'number',
  eccEnabled: 'boolean',
  displayAttached: 'boolean',
  migEnabled: 'boolean',
  migParent: 'text',
  fromCatalogue: 'list',
} as const satisfies ShapeOf<Omit<Device, ReservedFigure>>

export interface Column {
  /** `machine.` or `device.` and the path of the field. */
  readonly name: string
  readonly kind: Kind
}

const columnsOf = (shape: Shape, prefix: string): readonly Column[] =>
  Object.entries(shape).flatMap(([name, part]) =>
    typeof part === 'string' ? [{ name: `${prefix}.${name}`, kind: part }] : columnsOf(part, `${prefix}.${name}`),
  )

export const columns: readonly Column[] = [...columnsOf(machineShape, 'machine'), ...columnsOf(deviceShape, 'device')]

export function writeCell(record: object | undefined, path: readonly string[]): string {
  let value: unknown = record
  for (const step of path) value = isRecord(value) ? value[step] : undefined
  if (value === undefined) return ''
  // Of all fields that are written, labels alone are a record.
  if (isRecord(value)) return writeLabels(value as Labels)
  return Array.isArray(value) ? value.join(';') : textOf(value)
}

/** The value of a cell; undefined when it is none of its kind. */
export function readCell(text: string, kind: Kind): unknown {
  if (kind === 'text') return text
  if (kind === 'list') return text.split(';')
  if (kind === 'boolean') return { true: true, false: false }[text.toLowerCase()]
  if (kind === 'links') return readLinks(text)
  if (kind === 'interfaces') return readInterfaces(text)
  if (kind === 'labels') {
    const labels = readLabels(text)
    return labels.ok ? labels.value : undefined
  }
  if (kind === 'number') return /^\d{1,16}(?:\.\d{1,9})?(?:e\+?\d{1,3})?$/i.test(text) ? Number(text) : undefined
  const size = parseMemory(text, 'B')
  return size === 'invalid' ? undefined : size
}

/** A record under construction. */
export type Draft = Record<string, unknown>

/** Sets one field; false when another value stands there. */
export function setCell(draft: Draft, path: readonly string[], value: unknown): boolean {
  let here = draft
  for (const step of path.slice(0, -1)) {
    here[step] ??= {}
    here = here[step] as Draft
  }
  const last = path.at(-1)!
  if (here[last] !== undefined && JSON.stringify(here[last]) !== JSON.stringify(value)) return false
  here[last] = value
  return true
}

export interface DraftMachine {
  /** Of its first row. */
  readonly line: number
  readonly fields: Draft
  readonly devices: { readonly line: number; readonly fields: Draft }[]
  /** As it was typed, with what follows from it filled in; nothing is checked yet. */
  readonly finish: () => Draft
}

export function draftMachine(line: number): DraftMachine {
  const fields: Draft = {}
  const devices: { readonly line: number; readonly fields: Draft }[] = []
  return {
    line,
    fields,
    devices,
    finish: () => {
      const { links, networkInterfaces, ...machine } = fields
      const finished = devices.map((device, index) => finishDevice(device.fields, String(machine['name']), index))
      const idOf = (place: number) => finished[place]?.['id'] ?? `row ${place} of the machine`
      return {
        id: machine['name'],
        ...machine,
        devices: finished,
        links: linksFrom((links ?? []) as NonNullable<ReturnType<typeof readLinks>>, idOf),
        ...(networkInterfaces !== undefined && {
          networkInterfaces: interfacesFrom(networkInterfaces as NonNullable<ReturnType<typeof readInterfaces>>),
        }),
      }
    },
  }
}

/** What a person need not type: ids, places, and that a figure was typed. */
function finishDevice(fields: Draft, machineName: string, index: number): Draft {
  const figures = isRecord(fields['memory']) ? fields['memory'] : {}
  const memory = Object.fromEntries(
    Object.entries(figures).map(([name, part]) => [name, { provenance: 'typed', ...(part as object) }]),
  )
  const sizes = Object.values(memory).every((part) => 'bytes' in part)
  const total: Bytes | undefined = sizes ? memoryTotal(memory) : undefined
  return {
    id: fields['uuid'] ?? `${machineName}/gpu${index}`,
    index,
    ...(total === undefined ? {} : { memoryTotal: total }),
    unified: false,
    ...fields,
    memory,
  }
}
