import { type Device, type Machine, type Standing, writeLabels } from '@berth/core'
import {
  diffMachine,
  type FieldChange,
  type InventoryReading,
  type MachineDiff,
  mergeMachine,
  observeMachines,
  type ToldOfMachine,
} from '@berth/inventory'

import { labelOf } from '../history/differences.ts'
import type { Difference } from '../history/schema.ts'

export type Change = 'new' | 'changed' | 'unchanged' | 'name-taken'

/** A stored machine as an import sees it: the devices that were missing last time are still known. */
export interface KnownMachine {
  readonly machine: Machine
  readonly standing: Standing
  readonly missing: readonly Device[]
}

export interface Match {
  /** As it will be stored, without the devices that are missing. */
  readonly machine: Machine
  readonly missing: readonly Device[]
  readonly change: Change
  /** Whether anything that tools print is another than before. */
  readonly reread: boolean
  /** Whether tools tell of it, and not a table or a record of Berth's own, which may be old. */
  readonly fromTools: boolean
  /** What of site, owner and labels becomes another; empty where nothing does. */
  readonly standing: Standing
  /** The stored machine that it is, or whose name it has. */
  readonly existing: Machine | undefined
  readonly differences: readonly Difference[]
}

/** What the reader calls a machine that nothing names. */
const NAMELESS = /^machine-\d+$/

/** What is known of the machines that were read beside their figures. */
interface BesideFigures {
  /** By a machine's name, what its text says of it beside its figures. */
  readonly told?: ReadonlyMap<string, ToldOfMachine>
  /** Names of machines of which a tool failed. */
  readonly partial?: ReadonlySet<string>
}

/**
 * Says of each machine that was read whether it is stored already, and what it then becomes.
 *
 * It is the stored machine that has one of its devices, by UUID. Else it is the one of its name, unless both know their
 * devices' UUIDs and share none: then it is another machine and its name is taken. A machine that nothing names is one
 * with the very same devices, or else a new one under the next free number.
 *
 * A table that says nothing of devices is of the machines of its names, and leaves their devices as they are. Of a machine
 * named in `partial` a tool failed: the devices that it does not show are where they were.
 */
export function matchMachines(
  read: readonly Machine[],
  known: readonly KnownMachine[],
  { told = new Map(), partial = new Set() }: BesideFigures = {},
): readonly Match[] {
  const free = new Set(known)
  const names = new Set(known.map(({ machine }) => machine.name))
  return read.map((machine) => {
    const { devicesUntold, ...standing } = told.get(machine.name) ?? {}
    const same = devicesUntold ? findNamed(machine.name, [...free]) : findSame(machine, [...free])
    if (same !== undefined) {
      free.delete(same)
      const { devices, links } = devicesUntold ? same.machine : machine
      const shown = { ...machine, devices, links }
      return update(same, shown, {
        told: standing,
        partial: partial.has(machine.name),
        fromTools: !told.has(machine.name),
      })
    }
    if (!names.has(machine.name)) {
      names.add(machine.name)
      return added(machine, standing)
    }
    if (!NAMELESS.test(machine.name)) {
      const existing = findNamed(machine.name, known)?.machine
      return { ...added(machine, standing), change: 'name-taken', existing }
    }
    const name = nextNumber(names)
    names.add(name)
    return added({ ...machine, name }, standing)
  })
}

interface Observed {
  /** Brought up to date; one that the text also describes by itself is left to that description. */
  readonly machines: readonly Machine[]
  /** Lines of what was observed of hosts and cards that nobody knows, neither in the text nor stored. */
  readonly unmatchedLines: readonly number[]
}

/** Stored machines of whose cards, paths or network an output has told something new without describing them. */
export function observeStored(
  { machines, observations }: Pick<InventoryReading, 'machines' | 'observations'>,
  known: readonly KnownMachine[],
): Observed {
  const stored = known.map(({ machine }) => machine)
  const described = new Set(machines.map((machine) => findSame(machine, known)?.machine))
  const observed = observeMachines(stored, observations)
  return {
    machines: observed.machines.filter((machine, at) => machine !== stored[at] && !described.has(stored[at])),
    unmatchedLines: observed.unmatched.map(({ line }) => line),
  }
}

const findNamed = (name: string, candidates: readonly KnownMachine[]): KnownMachine | undefined =>
  candidates.find(({ machine }) => machine.name === name)

function findSame(read: Machine, candidates: readonly KnownMachine[]): KnownMachine | undefined {
  const uuids = new Set(uuidsOf(read.devices))
  const byUuid = candidates.find((known) => uuidsOf(allDevices(known)).some((uuid) => uuids.has(uuid)))
  if (byUuid !== undefined) return byUuid
  if (NAMELESS.test(read.name)) {
    return candidates.find((known) => NAMELESS.test(known.machine.name) && isSameHardware(known, read))
  }
  const named = findNamed(read.name, candidates)
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

const added = (machine: Machine, standing: Standing): Match => ({
  machine,
  missing: [],
  change: 'new',
  reread: true,
  fromTools: true,
  standing,
  existing: undefined,
  differences: [],
})

interface Update {
  readonly told: Standing
  readonly partial: boolean
  readonly fromTools: boolean
}

function update(known: KnownMachine, read: Machine, { told, partial, fromTools }: Update): Match {
  const merged = mergeMachine({ ...known.machine, devices: allDevices(known) }, read)
  const { machine } = merged
  const wasMissing = new Set(known.missing.map(({ id }) => id))
  const missing = merged.diff.missing.filter(({ id }) => !partial || wasMissing.has(id))
  const diff = { ...merged.diff, missing }
  const missingIds = new Set(missing.map(({ id }) => id))
  const figures = differencesOf(diff, known)
  const standing = changedStanding(known.standing, told)
  const differences = [...standingDifferences(known.standing, standing), ...figures]
  return {
    machine: {
      ...machine,
      devices: machine.devices.filter(({ id }) => !missingIds.has(id)).map((device, index) => ({ ...device, index })),
      links: machine.links.filter(({ from, to }) => !missingIds.has(from) && !missingIds.has(to)),
    },
    missing: machine.devices.filter(({ id }) => missingIds.has(id)),
    change: differences.length > 0 ? 'changed' : 'unchanged',
    reread: figures.length > 0,
    fromTools,
    standing,
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
  ]
}

/** How each is written where it is compared and shown. */
const standingTexts = {
  site: ({ site }) => site,
  owner: ({ owner }) => owner,
  labels: ({ labels }) => labels && writeLabels(labels),
} satisfies Readonly<Record<keyof Standing, (standing: Standing) => string | undefined>>

const standingFields = ['site', 'owner', 'labels'] as const

/** What is told and is not so yet; silence is not news. */
const changedStanding = (known: Standing, told: Standing): Standing =>
  Object.fromEntries(
    standingFields.flatMap((field) => {
      const text = standingTexts[field](told)
      return text === undefined || text === standingTexts[field](known) ? [] : [[field, told[field]]]
    }),
  )

const standingDifferences = (known: Standing, changed: Standing): readonly Difference[] =>
  standingFields.flatMap((field) => {
    const after = standingTexts[field](changed)
    return after === undefined ? [] : [{ path: field, before: standingTexts[field](known) || null, after }]
  })

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
