import { type FleetMachine, gpuMemoryFree, gpuMemoryTotal } from './fleet-machine.ts'
import { naturalOrder } from './natural-order.ts'

export const machineSorts = ['name', 'memory', 'free', 'site', 'read'] as const

export interface MachineSort {
  readonly by: (typeof machineSorts)[number]
  readonly descending: boolean
}

type Key = string | number | null

const keyOf = {
  name: ({ name }) => name,
  memory: gpuMemoryTotal,
  free: (machine) => gpuMemoryFree(machine) ?? null,
  site: ({ site }) => site,
  read: ({ readAt }) => readAt,
} satisfies Readonly<Record<MachineSort['by'], (machine: FleetMachine) => Key>>

/** Where a machine stands in a sorted list: enough to go on from there after it has changed or is gone. */
export interface SortPlace {
  readonly key: Key
  readonly name: string
  readonly id: string
}

export const placeOf = (machine: FleetMachine, { by }: MachineSort): SortPlace => ({
  key: keyOf[by](machine),
  name: machine.name,
  id: machine.id,
})

/** What is not known comes last in either direction; equal ones follow each other by name, then by id. */
export const comparePlaces =
  ({ descending }: MachineSort) =>
  (a: SortPlace, b: SortPlace): number => {
    const unknown = Number(a.key === null) - Number(b.key === null)
    if (unknown !== 0) return unknown
    const order = compareKeys(a.key, b.key)
    return (descending ? -order : order) || naturalOrder(a.name, b.name) || naturalOrder(a.id, b.id)
  }

/** Keys of one sort are of one kind. */
const compareKeys = (a: Key, b: Key): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : naturalOrder(String(a), String(b))

export function sortMachines<Item extends FleetMachine>(machines: readonly Item[], sort: MachineSort): readonly Item[] {
  const compare = comparePlaces(sort)
  return machines
    .map((machine) => ({ machine, place: placeOf(machine, sort) }))
    .toSorted((a, b) => compare(a.place, b.place))
    .map(({ machine }) => machine)
}
