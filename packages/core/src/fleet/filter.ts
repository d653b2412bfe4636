import type { Bytes } from '../units.ts'
import { type FleetMachine, gpuMemoryFree, largestGpuFree, statesOf } from './fleet-machine.ts'
import { type LabelSelector, selects, writeLabelSelector } from './labels.ts'

/** What machines are told apart by, each with one value or several of every machine. */
export const facets = ['site', 'owner', 'gpu', 'gpuCount', 'state'] as const
export type Facet = (typeof facets)[number]

/** The value of a facet that a machine has no value of: no site, no owner, no GPU. */
export const NO_VALUE = ''

export const facetValues = {
  site: ({ site }) => [site ?? NO_VALUE],
  owner: ({ owner }) => [owner ?? NO_VALUE],
  gpu: ({ devices }) => (devices.length === 0 ? [NO_VALUE] : [...new Set(devices.map(({ name }) => name))]),
  gpuCount: ({ devices }) => [String(devices.length)],
  state: statesOf,
} satisfies Readonly<Record<Facet, (machine: FleetMachine) => readonly string[]>>

/** What a machine must be to be listed; what is absent asks for nothing. */
export interface MachineFilter extends Readonly<Partial<Record<Facet, readonly string[]>>> {
  /** Words that all must be in its name, GPUs, site, owner or labels. */
  readonly text?: string
  /** All must hold. */
  readonly labels?: readonly LabelSelector[]
  /** On all GPUs together when measured; what was never measured has no free memory to speak of. */
  readonly freeMin?: Bytes
  /** On one GPU. */
  readonly freeOnOneMin?: Bytes
}

/** Those that pass, in the order given. */
export function filterMachines<Item extends FleetMachine>(
  machines: readonly Item[],
  filter: MachineFilter,
): readonly Item[] {
  const passes = passing(filter)
  return machines.filter(passes)
}

export const isEmptyFilter = (filter: MachineFilter): boolean =>
  facets.every((facet) => (filter[facet] ?? []).length === 0) &&
  (filter.text ?? '').trim() === '' &&
  (filter.labels ?? []).length === 0 &&
  filter.freeMin === undefined &&
  filter.freeOnOneMin === undefined

function passing(filter: MachineFilter): (machine: FleetMachine) => boolean {
  const words = (filter.text ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const chosen = facets.flatMap((facet) => {
    const wanted = filter[facet] ?? []
    return wanted.length === 0 ? [] : [{ valuesOf: facetValues[facet], wanted: new Set(wanted) }]
  })
  const { labels = [], freeMin, freeOnOneMin } = filter
  return (machine) =>
    chosen.every(({ valuesOf, wanted }) => valuesOf(machine).some((value) => wanted.has(value))) &&
    labels.every((selector) => selects(selector, machine.labels)) &&
    (freeMin === undefined || (gpuMemoryFree(machine) ?? -1) >= freeMin) &&
    (freeOnOneMin === undefined || (largestGpuFree(machine) ?? -1) >= freeOnOneMin) &&
    hasWords(machine, words)
}

function hasWords(machine: FleetMachine, words: readonly string[]): boolean {
  if (words.length === 0) return true
  const labels = Object.entries(machine.labels).map(([key, value]) => writeLabelSelector({ key, is: 'equal', value }))
  const parts = [machine.name, ...facetValues.gpu(machine), machine.site ?? '', machine.owner ?? '', ...labels]
  // A line break keeps a word from being found across two of them.
  const text = parts.join('\n').toLowerCase()
  return words.every((word) => text.includes(word))
}
