import {
  type Device,
  isBridge,
  type Link,
  linkBetween,
  type Machine,
  type NetworkInterface,
  peerRefusal,
} from '@berth/core'
import { type Bond, type PlacedBond, placeBonds } from './bonds.ts'
import { pairsAcross, pathTree, type PathGroup, type PlacedTree, placeTree } from './path-tree.ts'

export type LinkedMachine = Pick<Machine, 'name' | 'devices' | 'links' | 'networkInterfaces'>

/** Of the pairs that a group joins, as far as anyone knows. */
export type PeerState = 'off' | 'partly'

export interface LinkScene {
  /** Devices of this host, one a row from above. */
  readonly devices: readonly Device[]
  readonly tree: PlacedTree
  readonly peers: ReadonlyMap<PathGroup, PeerState>
  readonly bonds: readonly PlacedBond[]
  /** What stands below them: interfaces that may carry something, and devices that are reached through them. */
  readonly interfaces: readonly NetworkInterface[]
  readonly remote: readonly Device[]
}

/** What of a machine's links is drawn, and where. */
export function linkScene({ devices: all, links, networkInterfaces = [] }: LinkedMachine): LinkScene {
  const local = all.filter(({ backend }) => backend !== 'rpc')
  const linkOf = (one: number, other: number): Link | undefined => linkBetween(links, local[one]!.id, local[other]!.id)
  const tree = placeTree(pathTree(local.length, (one, other) => linkOf(one, other)?.kind))
  return {
    devices: tree.order.map((place) => local[place]!),
    tree,
    peers: new Map(
      tree.groups.flatMap(({ group }) => {
        const state = peerState(pairsAcross(group).map(([one, other]) => linkOf(one, other)))
        return state ? [[group, state] as const] : []
      }),
    ),
    bonds: placeBonds(bondsOf(tree, linkOf)),
    interfaces: networkInterfaces.filter(({ bitsPerSecond }) => bitsPerSecond !== 0),
    remote: all.filter(({ backend }) => backend === 'rpc'),
  }
}

/** Between the rows that the tree gave the devices. */
function bondsOf({ order }: PlacedTree, linkOf: (one: number, other: number) => Link | undefined): readonly Bond[] {
  return order.flatMap((device, one) =>
    order.slice(one + 1).flatMap((partner, at) => {
      const link = linkOf(device, partner)
      return link && isBridge(link) ? [{ one, other: one + at + 1, kind: link.kind }] : []
    }),
  )
}

function peerState(links: readonly (Link | undefined)[]): PeerState | undefined {
  const refused = links.filter((link) => link && peerRefusal(link) !== undefined).length
  if (refused === 0) return undefined
  return refused === links.length ? 'off' : 'partly'
}
