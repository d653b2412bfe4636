import type { Device, DeviceId, Link, Machine } from '@berth/core'
import { UNKNOWN_PATH } from '@berth/core'

import type { FieldChange } from './diff.ts'
import { mergeInterfaces, mergeLinks, pairKey } from './merge-links.ts'

/** Pairs that are named one by one; a machine of 16 GPUs has 120, and most say the same. */
const PAIRS_NAMED = 3

type LinkField = 'kind' | 'bandwidthBytesPerSecond' | 'peerAccess'
const linkFields: readonly LinkField[] = ['kind', 'bandwidthBytesPerSecond', 'peerAccess']

/** What an import would change of the paths between a machine's devices; `matches` names the known device of each read one. */
export function linkChanges(
  before: Machine,
  after: Machine,
  matches: ReadonlyMap<Device, Device>,
): readonly FieldChange[] {
  const known = new Map<DeviceId, DeviceId>([...matches].map(([now, old]) => [now.id, old.id]))
  const idOf = (id: DeviceId): DeviceId => known.get(id) ?? id
  const names = new Map(after.devices.map(({ id, index }) => [idOf(id), `GPU ${index}`]))
  const old = new Map(before.links.map((link) => [pairKey(link), link]))
  const read = new Set(after.links.map(({ from, to }) => pairKey({ from: idOf(from), to: idOf(to) })))
  const merged = mergeLinks(before.links, after.links, idOf).filter((link) => read.has(pairKey(link)))
  const nameOf = ({ from, to }: Link): string =>
    [from, to]
      .map((id) => names.get(id) ?? id)
      .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .join(' to ')
  return summed(
    merged.flatMap((link) =>
      changesOf(old.get(pairKey(link)), link).map((change) => ({ ...change, pair: nameOf(link) })),
    ),
  )
}

function changesOf(old: Link | undefined, now: Link): readonly FieldChange[] {
  return linkFields.flatMap((field) => {
    const [was, is] = [old?.[field], now[field]]
    if (is === undefined || is === was || (field === 'kind' && is === UNKNOWN_PATH)) return []
    return [was === undefined ? { field, after: is } : { field, before: was, after: is }]
  })
}

/** The same change of many pairs is one line. */
function summed(changes: readonly PairChange[]): readonly FieldChange[] {
  const alike = new Map<string, PairChange[]>()
  for (const change of changes) {
    const key = JSON.stringify([change.field, change.before ?? null, change.after])
    alike.set(key, [...(alike.get(key) ?? []), change])
  }
  return [...alike.values()].flatMap((group) => {
    if (group.length <= PAIRS_NAMED) return group.map(({ pair, ...change }) => named(change, pair))
    const { pair: _pair, ...change } = group[0]!
    return [named(change, `${group.length} links`)]
  })
}

interface PairChange extends FieldChange {
  readonly pair: string
}

const named = (change: FieldChange, where: string): FieldChange => ({ ...change, field: `${where} ${change.field}` })

/** What an import would change of the network interfaces: a new one, or another speed. */
export function interfaceChanges(before: Machine, after: Machine): readonly FieldChange[] {
  const old = new Map((before.networkInterfaces ?? []).map((one) => [one.name, one]))
  const merged = mergeInterfaces(before.networkInterfaces, after.networkInterfaces) ?? []
  return merged.flatMap(({ name, bitsPerSecond }): readonly FieldChange[] => {
    const was = old.get(name)
    const field = `networkInterfaces.${name}.bitsPerSecond`
    if (bitsPerSecond === undefined) return was ? [] : [{ field: `networkInterfaces.${name}.name`, after: name }]
    if (was?.bitsPerSecond === bitsPerSecond) return []
    return [
      was?.bitsPerSecond === undefined
        ? { field, after: bitsPerSecond }
        : { field, before: was.bitsPerSecond, after: bitsPerSecond },
    ]
  })
}
