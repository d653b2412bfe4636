import {
  bondedNvlinks,
  explainPath,
  formatBitRate,
  isBridge,
  type Link,
  linkBetween,
  type Machine,
  type NetworkInterface,
  type PeerAccess,
  peerAccesses,
  peerAccessMeanings,
  pciePaths,
  UNKNOWN_PATH,
} from '@berth/core'
import { bandwidthOf } from '../catalogue/gpu-figures.ts'

type Linked = Pick<Machine, 'devices' | 'links' | 'networkInterfaces'>

/** One class of path of a machine, and how many pairs have it. */
export interface PathLine {
  readonly kind: string
  readonly isBridge: boolean
  readonly meaning: string
  readonly pairs: string
}

/** Every class that occurs: bridges, the strongest first, then PCIe, the nearest first. */
export function pathLines({ links }: Linked): readonly PathLine[] {
  const kinds = [...new Set(links.map(({ kind }) => kind))]
  return kinds
    .toSorted((a, b) => bondedNvlinks({ kind: b }) - bondedNvlinks({ kind: a }) || nearness(a) - nearness(b))
    .map((kind) => {
      const alike = links.filter((link) => link.kind === kind)
      return {
        kind: kind === UNKNOWN_PATH ? '?' : kind,
        isBridge: isBridge({ kind }),
        meaning: [explainPath(kind) ?? 'a path that no tool has told', ...speedsOf(alike)].join(', '),
        pairs: pairCount(alike.length),
      }
    })
}

const nearness = (kind: string): number => {
  if (isBridge({ kind })) return -1
  const place = pciePaths.findIndex((path) => path === kind)
  return place === -1 ? pciePaths.length : place
}

/** One or the least and the greatest, where tools printed any. */
function speedsOf(links: readonly Link[]): readonly string[] {
  const speeds = links.flatMap(({ bandwidthBytesPerSecond: speed }) => (speed === undefined ? [] : [speed]))
  const ends = [...new Set([Math.min(...speeds), Math.max(...speeds)])]
  return speeds.length === 0 ? [] : [`${ends.map(bandwidthOf).join(' to ')} in one direction`]
}

/** What is known of peer access, a line an answer. */
export const peerLines = ({ links }: Linked): readonly { readonly access: PeerAccess; readonly text: string }[] =>
  peerAccesses.flatMap((access) => {
    const count = links.filter(({ peerAccess }) => peerAccess === access).length
    return count === 0 ? [] : [{ access, text: `${peerAccessMeanings[access]}, ${pairCount(count)}` }]
  })

const pairCount = (count: number): string => `${count} ${count === 1 ? 'pair' : 'pairs'}`

/** The matrix as nvidia-smi prints it: a row a device, X for itself. Of devices without any link nothing is shown. */
export function linkMatrix({ devices, links }: Linked): readonly (readonly string[])[] {
  const linked = linkedDevices({ devices, links })
  return linked.map((one) =>
    linked.map((other) => (one === other ? 'X' : cellOf(linkBetween(links, one.id, other.id)))),
  )
}

export const linkedDevices = ({ devices, links }: Linked): Machine['devices'] =>
  devices.filter(({ id }) => links.some(({ from, to }) => from === id || to === id))

function cellOf(link: Link | undefined): string {
  if (link === undefined) return '–'
  const peer = link.peerAccess === undefined ? [] : [link.peerAccess]
  return [link.kind === UNKNOWN_PATH ? '?' : link.kind, ...peer].join(' ')
}

/** "eno1 1 Gbit/s", "eno2 no link". */
export function interfaceWords({ name, bitsPerSecond }: NetworkInterface): string {
  if (bitsPerSecond === undefined) return `${name}, speed unknown`
  return bitsPerSecond === 0 ? `${name}, no link` : `${name}, ${formatBitRate(bitsPerSecond)}`
}
