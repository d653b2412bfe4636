import type { DeviceId } from '../ids.ts'
import { formatBitRate } from '../units.ts'
import { bondedNvlinks, type PciePath, pciePaths, type PeerAccess } from './link.ts'
import type { Machine } from './machine.ts'
import type { DevicePair, MachineWarning } from './warnings.ts'

type Of<Code> = Extract<MachineWarning, { readonly code: Code }>
type Sentences = {
  readonly [Code in MachineWarning['code']]: (warning: Of<Code>, machine: Machine) => string
}

/** A warning as a sentence with its numbers. */
export function explainMachineWarning<Code extends MachineWarning['code']>(
  warning: Of<Code>,
  machine: Machine,
): string {
  return sentences[warning.code](warning, machine)
}

const sentences: Sentences = {
  'slot-narrower': ({ device, width, widthMax }, machine) =>
    `${nameOf(device, machine)} runs on ${width} of ${widthMax} PCIe lanes.`,
  'power-capped': ({ device, limitWatts, defaultWatts }, machine) =>
    `${nameOf(device, machine)} is capped at ${limitWatts} W of ${defaultWatts} W.`,
  'display-attached': ({ device }, machine) => `${nameOf(device, machine)} drives a display, which takes memory of it.`,
  'peer-access-off': ({ because, pairs }, machine) =>
    `P2P is off between ${describePairs(pairs, machine)}: ${peerAccessMeanings[because]} (${because}). What one sends the other goes through host memory.`,
  'far-path': ({ path, pairs }, machine) =>
    `Between ${describePairs(pairs, machine)} all goes ${pathMeanings[path]} (${path}).`,
  'network-slow': ({ devices, interface: name, bitsPerSecond }, machine) =>
    `${namesOf(devices, machine)} ${devices.length === 1 ? 'is' : 'are'} reached over the network, and its fastest interface, ${name}, has ${formatBitRate(bitsPerSecond)}.`,
  'network-unknown': ({ devices }, machine) =>
    `${namesOf(devices, machine)} ${devices.length === 1 ? 'is' : 'are'} reached over the network, whose speed no tool has told.`,
}

/** What nvidia-smi's codes of peer access mean. */
export const peerAccessMeanings = {
  OK: 'it works',
  CNS: 'the chipset does not support it',
  GNS: 'the GPU does not support it',
  TNS: 'the topology does not support it',
  NS: 'it is not supported',
  DR: 'the driver’s settings turn it off',
  U: 'the driver does not know',
} as const satisfies Record<PeerAccess, string>

const pathMeanings = {
  PIX: 'through one PCIe switch',
  PXB: 'through several PCIe switches',
  PHB: 'through one PCIe host bridge, as a rule the processor’s',
  NODE: 'from one PCIe host bridge to another',
  SYS: 'from one processor socket to another',
} as const satisfies Record<PciePath, string>

/** What a class of path means; undefined of one that Berth does not know. */
export function explainPath(kind: string): string | undefined {
  const bonded = bondedNvlinks({ kind })
  if (bonded > 0) return bonded === 1 ? 'over one NVLink' : `over ${bonded} NVLinks bonded`
  if (kind === 'XGMI') return 'over Infinity Fabric'
  const path = pciePaths.find((one) => one === kind)
  return path && pathMeanings[path]
}

const nameOf = (id: DeviceId, { devices }: Machine): string =>
  `GPU ${devices.find((device) => device.id === id)?.index ?? '?'}`

const namesOf = (ids: readonly DeviceId[], machine: Machine): string => `GPU ${listed(ranges(indicesOf(ids, machine)))}`

const indicesOf = (ids: readonly DeviceId[], { devices }: Machine): readonly number[] =>
  devices.filter(({ id }) => ids.includes(id)).map(({ index }) => index)

/** "0 to 3" and "6": three and more that follow each other are one. */
function ranges(indices: readonly number[]): readonly string[] {
  const runs: [number, number][] = []
  for (const index of indices.toSorted((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last !== undefined && last[1] === index - 1) last[1] = index
    else runs.push([index, index])
  }
  return runs.flatMap(([from, to]) => (to - from < 2 ? [...new Set([from, to])].map(String) : [`${from} to ${to}`]))
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`

/** More than these a person does not read; the table of paths has them all. */
const PAIRS_NAMED = 4

/** Who is meant by many pairs, as what may follow "between": groups where they say it shorter, else pairs. */
function describePairs(pairs: readonly DevicePair[], machine: Machine): string {
  const parts = componentsOf(pairs).map((part) => describeGroups(part, machine))
  if (parts.length <= PAIRS_NAMED && parts.every((part) => part !== undefined)) return parts.join(', between ')
  const named = pairs.slice(0, PAIRS_NAMED).map((pair) => namesOf(pair, machine))
  const left = pairs.length - named.length
  return left > 0 ? `${named.join(', ')}, and ${left} more ${left === 1 ? 'pair' : 'pairs'}` : named.join(', ')
}

/** "GPU 0 to 3 and GPU 4 to 7", or "any two of GPU 0 to 7"; undefined where the pairs are neither. */
function describeGroups(pairs: readonly DevicePair[], machine: Machine): string | undefined {
  const groups = groupsApart(pairs)
  if (groups && pairs.length > 1 && groups.every(({ length }) => length === 1)) {
    return `any two of ${namesOf(groups.flat(), machine)}`
  }
  return groups && listed(groups.map((group) => `GPU ${ranges(indicesOf(group, machine)).join(', ')}`))
}

/** Pairs that share devices, directly or by others, together. */
function componentsOf(pairs: readonly DevicePair[]): readonly (readonly DevicePair[])[] {
  const partOf = new Map<DeviceId, DevicePair[]>()
  const put = (pair: DevicePair, part: DevicePair[]): void => {
    part.push(pair)
    for (const id of pair) partOf.set(id, part)
  }
  for (const pair of pairs) {
    const [part = [], other] = new Set(pair.flatMap((id) => (partOf.get(id) ? [partOf.get(id)!] : [])))
    for (const moved of other ?? []) put(moved, part)
    put(pair, part)
  }
  return [...new Set(partOf.values())]
}

/** Groups of which exactly the devices of different ones are paired; undefined where there are none such. */
function groupsApart(pairs: readonly DevicePair[]): readonly (readonly DeviceId[])[] | undefined {
  const paired = new Set(pairs.flatMap(([one, other]) => [`${one} ${other}`, `${other} ${one}`]))
  const groups: DeviceId[][] = []
  for (const id of new Set(pairs.flat())) {
    const group = groups.find(([first]) => !paired.has(`${first!} ${id}`))
    if (group === undefined) groups.push([id])
    else group.push(id)
  }
  const isApart = groups.every((group, at) =>
    groups.every((other, place) =>
      group.every((one) => other.every((two) => one === two || paired.has(`${one} ${two}`) === (place !== at))),
    ),
  )
  return isApart ? groups : undefined
}
