import type { DeviceId, Link, NetworkInterface } from '@berth/core'
import { UNKNOWN_PATH } from '@berth/core'

type Pair = Pick<Link, 'from' | 'to'>

/** One key for both directions. */
export const pairKey = ({ from, to }: Pair): string => [from, to].toSorted().join(' ')

/**
 * What was read now stands; a link that was not read now stays, because most tools print none. `idOf` is the id that a
 * device is known by.
 */
export function mergeLinks(
  before: readonly Link[],
  after: readonly Link[],
  idOf: (id: DeviceId) => DeviceId = (id) => id,
): readonly Link[] {
  const links = new Map(before.map((link) => [pairKey(link), link]))
  for (const link of after) {
    const now = { ...link, from: idOf(link.from), to: idOf(link.to) }
    const old = links.get(pairKey(now))
    links.set(pairKey(now), old === undefined ? now : mergeLink(old, now))
  }
  return [...links.values()]
}

/** The bandwidth is that of the class it was read with, while peer access is the driver's and stays. */
function mergeLink(old: Link, now: Link): Link {
  const peer = { ...(old.peerAccess !== undefined && { peerAccess: old.peerAccess }), ...now }
  if (now.kind === UNKNOWN_PATH) return { ...old, ...now, kind: old.kind }
  return now.kind === old.kind ? { ...old, ...now } : peer
}

/** By their names; one that is not listed now stays, because some tools show only those that are asked for. */
export function mergeInterfaces(
  before: readonly NetworkInterface[] | undefined,
  after: readonly NetworkInterface[] | undefined,
): readonly NetworkInterface[] | undefined {
  if (before === undefined || after === undefined) return after ?? before
  const interfaces = new Map(before.map((one) => [one.name, one]))
  for (const one of after) interfaces.set(one.name, { ...interfaces.get(one.name), ...one })
  return [...interfaces.values()]
}
