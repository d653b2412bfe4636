import type { Device, DeviceId, Machine } from '@berth/core'

import { matchDevices } from './device-match.ts'
import { interfaceChanges, linkChanges } from './diff-links.ts'
import { mergeDevice, withoutCatalogue } from './merge-device.ts'

export type FieldValue = string | number | boolean

export interface FieldChange {
  /** A path such as `memory.reported.bytes`. */
  readonly field: string
  /** Absent when the field was not known before. */
  readonly before?: FieldValue
  readonly after: FieldValue
}

export interface ChangedDevice {
  readonly before: Device
  /** As it would be saved. */
  readonly after: Device
  readonly fields: readonly FieldChange[]
}

/** A card that was cut into MIG slices, slices that are one card again, or slices cut anew. */
export interface ReplacedDevice {
  readonly before: Device
  readonly by: readonly DeviceId[]
}

export interface MachineDiff {
  /** Of the machine itself, such as `driverVersion`, and of the paths between its devices. */
  readonly fields: readonly FieldChange[]
  readonly added: readonly Device[]
  readonly changed: readonly ChangedDevice[]
  readonly unchanged: readonly Device[]
  /** Known before and not seen now: kept until a person removes them. */
  readonly missing: readonly Device[]
  readonly replaced: readonly ReplacedDevice[]
}

/** An id is given once and kept; the order follows from the devices. Lists are compared elsewhere. */
const notCompared: ReadonlySet<string> = new Set(['id', 'index', 'name'])

/**
 * What an import would change. A field that `after` does not have is no change: tools print different fields, and
 * silence is not news. Pure; the same import twice changes nothing.
 */
export function diffMachine(before: Machine | undefined, after: Machine): MachineDiff {
  const known = before?.devices ?? []
  const matches = matchDevices(known, after.devices)
  const changed: ChangedDevice[] = []
  const unchanged: Device[] = []
  for (const [now, old] of matches) {
    const merged = mergeDevice(old, now)
    const fields = changesOf(old, merged, new Set(['id', 'index']))
    if (fields.length === 0) unchanged.push(old)
    else changed.push({ before: old, after: merged, fields })
  }
  const seen = new Set(matches.values())
  const gone = known.filter((device) => !seen.has(device))
  const added = after.devices.filter((device) => !matches.has(device))
  const replaced = gone
    .map((device) => ({ before: device, by: replacing(device, after.devices) }))
    .filter(({ by }) => by.length > 0)
  const inPlace = new Set(replaced.map((entry) => entry.before))
  return {
    fields: before === undefined ? [] : machineChanges(before, withoutCatalogue(after), matches),
    added,
    changed,
    unchanged,
    missing: gone.filter((device) => !inPlace.has(device)),
    replaced,
  }
}

const machineChanges = (
  before: Machine,
  after: Machine,
  matches: ReadonlyMap<Device, Device>,
): readonly FieldChange[] => [
  ...changesOf(before, after, notCompared),
  ...linkChanges(before, after, matches),
  ...interfaceChanges(before, after),
]

/** The devices that stand on the same silicon as one that is gone: its slices, its parent, or its parent's new slices. */
function replacing(gone: Device, after: readonly Device[]): readonly DeviceId[] {
  const names = [gone.id, gone.uuid, gone.migParent].filter((name) => name !== undefined)
  return after
    .filter((device) => {
      const sliced = device.migParent !== undefined || gone.migParent !== undefined
      const card = [device.migParent, gone.migParent === undefined ? undefined : (device.uuid ?? device.id)]
      return sliced && card.some((name) => name !== undefined && names.includes(name))
    })
    .map((device) => device.id)
}

function changesOf(before: object, after: object, skipped: ReadonlySet<string>): readonly FieldChange[] {
  const old = flatten(before)
  return [...flatten(after)]
    .filter(([field, value]) => !skipped.has(field.split('.')[0]!) && old.get(field) !== value)
    .map(([field, value]) => {
      const was = old.get(field)
      return was === undefined ? { field, after: value } : { field, before: was, after: value }
    })
}

function flatten(value: object, prefix = ''): ReadonlyMap<string, FieldValue> {
  const flat = new Map<string, FieldValue>()
  for (const [key, part] of Object.entries(value) as readonly (readonly [string, unknown])[]) {
    if (Array.isArray(part) || part === undefined) continue
    if (typeof part === 'object' && part !== null) {
      for (const [field, leaf] of flatten(part, `${prefix}${key}.`)) flat.set(field, leaf)
    } else flat.set(`${prefix}${key}`, part as FieldValue)
  }
  return flat
}
