import { type Facet, facets, facetValues, filterMachines, type MachineFilter, NO_VALUE } from './filter.ts'
import { type FleetMachine, machineStates } from './fleet-machine.ts'
import { naturalOrder } from './natural-order.ts'

/** One value, and how many machines the list would have with it alone in its facet and all other choices kept. */
export interface FacetValue {
  readonly value: string
  readonly count: number
}

export interface FacetCounts extends Readonly<Record<Facet, readonly FacetValue[]>> {
  /** Each name that some machine has a label of, with its values. */
  readonly labels: readonly { readonly key: string; readonly values: readonly FacetValue[] }[]
}

/** The filter that asks for this value of the label, and no more for another one of it. */
export const withLabel = (filter: MachineFilter, key: string, value: string): MachineFilter => ({
  ...filter,
  labels: [...labelsBut(filter, key), { key, is: 'equal', value }],
})

/** The filter without what it asks of the label's value. */
export const withoutLabel = (filter: MachineFilter, key: string): MachineFilter => ({
  ...filter,
  labels: labelsBut(filter, key),
})

const labelsBut = ({ labels = [] }: MachineFilter, key: string) =>
  labels.filter((selector) => selector.key !== key || selector.is !== 'equal')

/**
 * What there is to choose from. Every value that some machine has is listed, also where the other choices leave none of
 * it, and so is what is chosen: a list that changes under the pointer cannot be aimed at.
 */
export function facetCounts(machines: readonly FleetMachine[], filter: MachineFilter): FacetCounts {
  const counted = facets.map((facet) => [facet, countsOf(machines, filter, facet)] as const)
  return {
    ...(Object.fromEntries(counted) as Record<Facet, readonly FacetValue[]>),
    labels: labelCounts(machines, filter),
  }
}

function countsOf(machines: readonly FleetMachine[], filter: MachineFilter, facet: Facet): readonly FacetValue[] {
  const valuesOf: (machine: FleetMachine) => readonly string[] = facetValues[facet]
  const open = filterMachines(machines, { ...filter, [facet]: [] })
  const known = [...machines.flatMap(valuesOf), ...(filter[facet] ?? [])]
  return listed(known, open.flatMap(valuesOf), facet === 'state' ? stateOrder : naturalOrder)
}

function labelCounts(machines: readonly FleetMachine[], filter: MachineFilter): FacetCounts['labels'] {
  const matching = filterMachines(machines, filter)
  const known = valuesByKey(machines)
  for (const selector of filter.labels ?? []) {
    if (selector.is === 'equal') known.set(selector.key, [...(known.get(selector.key) ?? []), selector.value])
  }
  const counted = valuesByKey(matching)
  return [...known.keys()].toSorted(naturalOrder).map((key) => {
    const chosen = (filter.labels ?? []).some((selector) => selector.key === key && selector.is === 'equal')
    const open = chosen ? valuesByKey(filterMachines(machines, withoutLabel(filter, key))) : counted
    return { key, values: listed(known.get(key) ?? [], open.get(key) ?? [], naturalOrder) }
  })
}

function valuesByKey(machines: readonly FleetMachine[]): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (const { labels } of machines) {
    for (const [key, value] of Object.entries(labels)) {
      const found = values.get(key)
      if (found === undefined) values.set(key, [value])
      else found.push(value)
    }
  }
  return values
}

function listed(
  known: readonly string[],
  counted: readonly string[],
  order: (a: string, b: string) => number,
): readonly FacetValue[] {
  const counts = new Map<string, number>()
  for (const value of counted) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...new Set(known)]
    .toSorted((a, b) => Number(a === NO_VALUE) - Number(b === NO_VALUE) || order(a, b))
    .map((value) => ({ value, count: counts.get(value) ?? 0 }))
}

const places: readonly string[] = machineStates
const stateOrder = (a: string, b: string): number => places.indexOf(a) - places.indexOf(b)
