import { type Backend, bondedNvlinks, type PeerAccess, UNKNOWN_PATH } from '@berth/core'

import type { LinkEnd, LinkReading, NvlinkReading, PathObservation, PeerReading } from '../formats/format.ts'
import { byTrust } from './cards.ts'
import type { ReadSection } from './group.ts'

/** A path as its tool names the two GPUs, and the section it was read from first. */
export interface ToldPath extends PathObservation {
  readonly source: ReadSection
}

/**
 * Paths between one host's GPUs: classes from `topo -m` and its like, speeds of NVLinks from `nvlink -s`, peer access from
 * `topo -p2p`. Of `nvlinks` alone a path is known where there are two GPUs.
 */
export function readPaths(sections: readonly ReadSection[]): readonly ToldPath[] {
  const nvlinks = sections.flatMap(({ reading }) => reading.nvlinks ?? [])
  const paths = new Map<string, ToldPath>()
  for (const source of byTrust(sections)) {
    for (const link of source.reading.links ?? []) {
      const { line, from, to, kind, backend = 'cuda' } = link
      const path = { line, from, to, kind, backend, ...speedOf(link, nvlinks), source }
      if (!paths.has(keyOf(path))) paths.set(keyOf(path), path)
    }
  }
  const source = sections.find(({ reading }) => reading.nvlinks !== undefined)
  const pair = source && paths.size === 0 ? pairPath(nvlinks, source) : undefined
  if (pair) paths.set(keyOf(pair), pair)
  addPeers(paths, sections)
  return [...paths.values()]
}

interface Ends {
  readonly from: LinkEnd
  readonly to: LinkEnd
  readonly backend?: Backend
}

const keyOf = ({ from, to, backend = 'cuda' }: Ends): string =>
  [backend, ...[from, to].toSorted((a, b) => (a < b ? -1 : 1))].join(' ')

function speedOf(
  link: LinkReading,
  nvlinks: readonly NvlinkReading[],
): Pick<PathObservation, 'bandwidthBytesPerSecond'> {
  if (link.bytesPerSecond !== undefined) return { bandwidthBytesPerSecond: link.bytesPerSecond }
  const bonded = bondedNvlinks(link)
  const speed = nvlinks.find(({ gpu }) => gpu === link.from)?.bytesPerSecondPerLink
  return bonded === 0 || speed === undefined ? {} : { bandwidthBytesPerSecond: bonded * speed }
}

/** With two GPUs and no matrix, links that are up on both lead from one to the other. */
function pairPath([first, second, ...others]: readonly NvlinkReading[], source: ReadSection): ToldPath | undefined {
  if (first === undefined || second === undefined || others.length > 0 || first.links !== second.links) return undefined
  const { line, links, bytesPerSecondPerLink } = first
  const ends = { from: first.gpu, to: second.gpu, backend: 'cuda' } as const
  return { line, ...ends, kind: `NV${links}`, bandwidthBytesPerSecond: links * bytesPerSecondPerLink, source }
}

/** To the paths that are known, and paths of an unknown class where none is. */
function addPeers(paths: Map<string, ToldPath>, sections: readonly ReadSection[]): void {
  const answers = new Map<string, PeerReading[]>()
  for (const source of sections) {
    for (const peer of strictest(source.reading.peers ?? [])) {
      const key = keyOf(peer)
      answers.set(key, [...(answers.get(key) ?? []), peer])
      const { line, from, to } = peer
      const between = { from: Math.min(from, to), to: Math.max(from, to), backend: 'cuda' } as const
      if (!paths.has(key)) paths.set(key, { line, ...between, kind: UNKNOWN_PATH, source })
    }
  }
  for (const [key, peers] of answers) paths.set(key, { ...paths.get(key)!, peerAccess: accessOf(peers) })
}

/** One answer a pair: copies go both ways, so that one no is a no. */
function strictest(peers: readonly PeerReading[]): readonly PeerReading[] {
  const answers = new Map<string, PeerReading>()
  for (const peer of peers) {
    const key = keyOf(peer)
    if ((answers.get(key)?.access ?? 'OK') === 'OK') answers.set(key, peer)
  }
  return [...answers.values()]
}

/**
 * Copies read and write, so that one no of such a matrix is a no. Of matrices of which the paste does not show what was
 * asked for one may be of atomics, which are often missing where copies work: there one yes is a yes.
 */
function accessOf(peers: readonly PeerReading[]): PeerAccess {
  const told = peers.filter((peer) => peer.told).map(({ access }) => access)
  const untold = peers.map(({ access }) => access)
  if (told.length > 0) return told.find((access) => access !== 'OK') ?? 'OK'
  return untold.includes('OK') ? 'OK' : untold[0]!
}
