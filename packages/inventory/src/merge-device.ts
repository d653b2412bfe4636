import type { Device, MemoryFigures } from '@berth/core'
import { memoryTotal } from '@berth/core'

import { unknownName } from './text/card-name.ts'

/**
 * A device brought up to date: what was read now stands, what was not read now stays, and so does the id. The total is
 * worked out anew only when a figure behind it has changed, because a person may have set it.
 */
export function mergeDevice(old: Device, read: Device): Device {
  const now = withoutCatalogue(read)
  const memory = { ...old.memory, ...measuredOnly(now.memory) }
  const pcie = old.pcie === undefined && now.pcie === undefined ? {} : { pcie: { ...old.pcie, ...now.pcie } }
  const total = sameFigures(old.memory, memory) ? old.memoryTotal : memoryTotal(memory)
  const name = isWholeName(now.name) ? now.name : old.name
  // Few tools tell whose memory it is; one that did is not contradicted by one that does not.
  const unified = old.unified || now.unified
  const { fromCatalogue: _was, ...known } = { ...old, ...now }
  return { ...known, id: old.id, name, unified, memory, memoryTotal: total, ...pcie, ...stillCatalogued(old, now) }
}

interface Catalogued {
  readonly fromCatalogue?: readonly string[]
}

/** What the catalogue says of hardware by its name is no news of a machine that is known, such as one written out by Berth. */
export function withoutCatalogue<Read extends Catalogued>(read: Read): Read {
  if (read.fromCatalogue === undefined) return read
  const looked = new Set(['fromCatalogue', ...read.fromCatalogue])
  return Object.fromEntries(Object.entries(read).filter(([field]) => !looked.has(field))) as Read
}

const measuredOnly = (memory: MemoryFigures): MemoryFigures =>
  Object.fromEntries(Object.entries(memory).filter(([, { provenance }]) => provenance !== 'catalogue'))

/** Which figures of a merged record are the catalogue's still: those that what was read now does not have of its own. */
export function stillCatalogued<Figure extends string>(
  old: { readonly fromCatalogue?: readonly Figure[] },
  now: { readonly [Name in Figure]?: unknown },
): { readonly fromCatalogue?: readonly Figure[] } {
  const fromCatalogue = (old.fromCatalogue ?? []).filter((figure) => now[figure] === undefined)
  return fromCatalogue.length === 0 ? {} : { fromCatalogue }
}

/** The summary table of nvidia-smi cuts names short. */
const isWholeName = (name: string): boolean => name !== unknownName && !name.endsWith('...')

const figures = [
  'nominal',
  'reported',
  'runtime',
  'driverReserved',
  'policyReserved',
] as const satisfies readonly (keyof MemoryFigures)[]

const sameFigures = (left: MemoryFigures, right: MemoryFigures): boolean =>
  figures.every((figure) => left[figure]?.bytes === right[figure]?.bytes)
