import type { DeviceId } from '../ids.ts'

/** Whether one GPU may read and write another's memory by itself, as `nvidia-smi topo -p2p r` prints it. */
export const peerAccesses = ['OK', 'CNS', 'GNS', 'TNS', 'NS', 'DR', 'U'] as const
export type PeerAccess = (typeof peerAccesses)[number]

/** Why it may not. */
export type PeerRefusal = Exclude<PeerAccess, 'OK' | 'U'>

export interface Link {
  readonly from: DeviceId
  readonly to: DeviceId
  /** nvidia-smi's class of the path, nearest first: NV# (bonded NVLinks), PIX, PXB, PHB, NODE, SYS; XGMI; else `UNKNOWN_PATH`. */
  readonly kind: string
  /** One direction, all bonded links together, where a tool prints it. */
  readonly bandwidthBytesPerSecond?: number
  /** Absent when no tool that was read prints it. */
  readonly peerAccess?: PeerAccess
}

/** nvidia-smi's classes of paths over PCIe, the nearest first. */
export const pciePaths = ['PIX', 'PXB', 'PHB', 'NODE', 'SYS'] as const
export type PciePath = (typeof pciePaths)[number]

/** The class of a path of which only the peer access was read. */
export const UNKNOWN_PATH = 'unknown'

/** How many NVLinks are bonded: 4 of NV4, and none of a path over PCIe. */
export const bondedNvlinks = ({ kind }: Pick<Link, 'kind'>): number => Number(/^NV(\d+)$/.exec(kind)?.[1] ?? 0)

/** Whether it is a link of the cards' own: NVLink, or AMD's Infinity Fabric. */
export const isBridge = ({ kind }: Pick<Link, 'kind'>): boolean => bondedNvlinks({ kind }) > 0 || kind === 'XGMI'

/** Why peer access is known to be off; undefined where it works or nobody knows. */
export const peerRefusal = ({ peerAccess }: Pick<Link, 'peerAccess'>): PeerRefusal | undefined =>
  peerAccess === 'OK' || peerAccess === 'U' ? undefined : peerAccess

/** The link of two devices, whichever it was read from. */
export const linkBetween = (links: readonly Link[], one: DeviceId, other: DeviceId): Link | undefined =>
  links.find(({ from, to }) => (from === one && to === other) || (from === other && to === one))
