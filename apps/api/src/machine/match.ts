import type { Device, Machine } from '@berth/core'
import {
  diffMachine,
  type FieldChange,
  type InventoryReading,
  type MachineDiff,
  mergeMachine,
  observeMachines,
} from '@berth/inventory'

import { labelOf } from '../history/differences.ts'
import type { Difference } from '../history/schema.ts'

export type Change = 'new' | 'changed' | 'unchanged' | 'name-taken'

/** A stored machine as an import sees it: the devices that were missing last time are still known. */
export interface KnownMachine {
  readonly machine: Machine
  readonly missing: readonly Device[]
}

export interface Match {
  /** As it will be stored, without the devices that are missing. */
  readonly machine: Machine
  readonly missing: readonly Device[]
  readonly change: Change
  /** The stored machine that it is, or whose name it has. */
  readonly existing: Machine | undefined
  readonly differences: readonly Difference[]
}

/** What the reader calls a machine that nothing names. */
const NAMELESS = /^machine-\d+$/

/**
 * Says of each machine that was read whether it is stored already, and what it then becomes.
 *
 * It is the stored machine that has one of its devices, by UUID. Else it is the one of its name, unless both know their
 * devices' UUIDs and share none: then it is another machine and its name is taken. A machine that nothing names is one
 * with the very same devices, or else a new one under the next free number.
 */
export function matchMachines(read: readonly Machine[], known: readonly KnownMachine[]): readonly Match[] {
  const free = new Set(known)
  const names = new Set(known.map(({ machine }) => machine.name))
  return read.map((machine) => {
    const same = findSame(machine, [...free])
    if (same !== undefined) {
      free.delete(same)
      return update(same, machine)
    }
    if (!names.has(machine.name)) {
      names.add(machine.name)
      return added(machine)
    }
    if (!NAMELESS.test(machine.name)) {
      const existing = known.find((candidate) => candidate.machine.name === machine.name)?.machine
      return { machine, missing: [], change: 'name-taken', existing, differences: [] }
    }
    const name = nextNumber(names)
    names.add(name)
    return added({ ...machine, name })
  })
}

/**
 * Stored machines of whose cards a monitor's output has told something new, brought up to date. One that the text also
 * describes by itself is left to that description.
 */
export function observedMachines(
  { machines, observations }: Pick<InventoryReading, 'machines' | 'observations'>,
  known: readonly KnownMachine[],
): readonly Machine[] {
  const stored = known.map(({ machine }) => machine)
  const described = new Set(machines.map((machine) => findSame(machine, known)?.machine))
  const observed = observeMachines(stored, observations).machines
  return observed.filter((machine, place) => machine !== stored[place] && !described.has(stored[place]))
}

function findSame(read: Machine, candidates: readonly KnownMachine[]): KnownMachine | undefined {
  const uuids = new Set(uuidsOf(read.devices))
  const byUuid = candidates.find((known) => uuidsOf(allDevices(known)).some((uuid) => uuids.has(uuid)))
  if (byUuid !== undefined) return byUuid
  if (NAMELESS.test(read.name)) {
    return candidates.find((known) => NAMELESS.test(known.machine.name) && isSameHardware(known, read))
  }
  const named = candidates.find(({ machine }) => machine.name === read.name)
  if (named === undefined) return undefined
  return uuids.size > 0 && uuidsOf(allDevices(named)).length > 0 ? undefined : named
}

/** The same devices, whatever else was measured of them. */
function isSameHardware(known: KnownMachine, read: Machine): boolean {
  const { added, missing, replaced, changed } = diffMachine(known.machine, read)
  return (
    [added, missing, replaced].every((devices) => devices.length === 0) &&
    changed.every(({ before, after }) => before.name === after.name && before.memoryTotal === after.memoryTotal)
  )
}

const added = (machine: Machine): Match => ({
  machine,
  missing: [],
  change: 'new',
  existing: undefined,
  differences: [],
})

function update(known: KnownMachine, read: Machine): Match {
  const { machine, diff } = mergeMachine({ ...known.machine, devices: allDevices(known) }, read)
  const missingIds = new Set(diff.missing.map(({ id }) => id))
  const differences = differencesOf(diff, known)
  return {
    machine: {
      ...machine,
      devices: machine.devices.filter(({ id }) => !missingIds.has(id)).map((device, index) => ({ ...device, index })),
      links: machine.links.filter(({ from, to }) => !missingIds.has(from) && !missingIds.has(to)),
    },
    missing: machine.devices.filter(({ id }) => missingIds.has(id)),
    change: differences.length > 0 ? 'changed' : 'unchanged',
    existing: known.machine,
    differences,
  }
}

/** What changes against what is shown of the stored machine: a device that was missing and is back counts as new. */
function differencesOf(diff: MachineDiff, { missing }: KnownMachine): readonly Difference[] {
  const wasMissing = new Set(missing.map(({ id }) => id))
  const back = [...diff.changed.map(({ before }) => before), ...diff.unchanged].filter(({ id }) => wasMissing.has(id))
  const gone = diff.missing.filter(({ id }) => !wasMissing.has(id))
  return [
    ...diff.fields.map((change) => ofField('', change)),
    ...[...diff.added, ...back].map((device) => ({ path: labelOf(device), before: null, after: device.name })),
    ...diff.changed.flatMap(({ before, fields }) => fields.map((change) => ofField(`${labelOf(before)} `, change))),
    ...gone.map((device) => ({ path: labelOf(device), before: device.name, after: null })),
    ...diff.replaced.map(({ before, by }) => ({ path: labelOf(before), before: before.name, after: by.join(', ') })),
    ...(diff.linksChanged ? [{ path: 'links', before: null, after: null }] : []),
  ]
}

const ofField = (where: string, { field, before, after }: FieldChange): Difference => ({
  path: where + field,
  before: before === undefined ? null : String(before),
  after: String(after),
})

const allDevices = ({ machine, missing }: KnownMachine): readonly Device[] => [...machine.devices, ...missing]

const uuidsOf = (devices: readonly Device[]): readonly string[] => devices.flatMap(({ uuid }) => uuid ?? [])

function nextNumber(taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) if (!taken.has(`machine-${number}`)) return `machine-${number}`
}
