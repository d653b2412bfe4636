import { bondedNvlinks, linkBetween, peerRefusal, type Link } from '../machine/link.ts'
import type { Device, Machine, PcieSlot } from '../machine/machine.ts'
import { computeCapability } from '../memory/driver-context.ts'
import type { Span } from './efficiency.ts'
import { networkLink } from './network-rates.ts'
import { type Peak, scaled } from './rates.ts'

/** A way between two places: bytes a second in one direction, and what every trip costs beside its bytes. */
export interface LinkRates {
  readonly peak: Peak
  /** As nvidia-smi names it, or PCIe, or memory where both share it, or the network. */
  readonly kind: string
  /** Copied to host memory and from there on. */
  readonly throughHost?: true
  readonly reached: Span
  readonly trip: Span
}

/** PCIe bytes a second and lane in one direction, by generation, after line coding. */
const LANE_BYTES: readonly number[] = [0, 0.25e9, 0.5e9, 0.985e9, 1.969e9, 3.938e9, 7.563e9]
/** Where no tool tells: PCIe 3.0 x16, or 4.0 x8. */
const ASSUMED_PCIE = 15.75e9
/** One NVLink in one direction, by the least compute capability, ascending; 8.6 are the RTX 3090 and its kin. */
const NVLINK_BYTES: readonly (readonly [capability: number, bytes: number])[] = [
  [0, 20e9],
  [7, 25e9],
  [8.6, 14.0625e9],
  [9, 25e9],
  [10, 50e9],
]

/** Weights mapped from a file are copied through the driver's own buffer, pinned ones at nearly the full rate. */
const UPLOAD_REACHED: Span = { low: 0.25, high: 0.75 }
/** One GPU straight from another's memory: what was seen over PCIe and over NVLink. */
const PEER_REACHED: Span = { low: 0.5, high: 0.9 }
/** From one host bridge or socket to another. */
const FAR_REACHED: Span = { low: 0.3, high: 0.8 }
/** Up one slot and down the other, the driver's pieces overlapping or not. */
const STAGED_REACHED: Span = { low: 0.3, high: 0.8 }
/** A synchronisation, the copy's start, and a graph that has to be started anew. */
const DEVICE_TRIP: Span = { low: 15e-6, high: 250e-6 }
/** An addition over all devices: no graph is started for it. */
const REDUCTION_TRIP: Span = { low: 15e-6, high: 80e-6 }
const HOST_TRIP: Span = { low: 8e-6, high: 60e-6 }

const isRemote = ({ backend }: Device): boolean => backend === 'rpc'

/** Between a device and the host. */
export function hostLink(device: Device, machine: Machine): LinkRates {
  if (isRemote(device)) return networkLink(machine, { relayed: false })
  const shared = device.unified ? device.memoryBandwidthBytesPerSecond : undefined
  const peak: Peak = shared === undefined ? pciePeak(device) : { perSecond: shared, from: 'typed' }
  const kind = shared === undefined ? 'PCIe' : 'memory'
  return { peak, kind, reached: scaled(peak.perSecond, UPLOAD_REACHED), trip: HOST_TRIP }
}

export interface DeviceWay {
  readonly machine: Machine
  /** All devices work on every layer and add up (split mode tensor), instead of one after the other. */
  readonly sideBySide: boolean
}

/**
 * Between two devices. From layer to layer ggml copies by `cudaMemcpyPeerAsync` and enables peer access only where
 * `GGML_CUDA_P2P` is set, which no launch does: the driver then goes through host memory, past every NVLink. The sums of
 * split mode tensor are NCCL's, which finds the best way there is.
 */
export function deviceLink(from: Device, to: Device, { machine, sideBySide }: DeviceWay): LinkRates {
  if (isRemote(from) || isRemote(to)) return networkLink(machine, { relayed: isRemote(from) && isRemote(to) })
  const slot = [pciePeak(from), pciePeak(to)].toSorted((a, b) => a.perSecond - b.perSecond)[0]!
  if (!sideBySide) return staged(slot, 'PCIe', DEVICE_TRIP)
  const link = linkBetween(machine.links, from.id, to.id)
  if (link !== undefined && peerRefusal(link) !== undefined) return staged(slot, link.kind, REDUCTION_TRIP)
  const peak = (link && nvlinkPeak(link, from)) ?? slot
  const reached = scaled(peak.perSecond, peerReached(link))
  return { peak, kind: link?.kind ?? 'PCIe', reached, trip: REDUCTION_TRIP }
}

const staged = (peak: Peak, kind: string, trip: Span): LinkRates => ({
  peak,
  kind,
  throughHost: true,
  reached: scaled(peak.perSecond, STAGED_REACHED),
  trip,
})

/** Without a word of peer access the way may be either. */
function peerReached(link: Link | undefined): Span {
  if (link?.kind === 'SYS' || link?.kind === 'NODE') return FAR_REACHED
  return link?.peerAccess === 'OK' ? PEER_REACHED : { low: STAGED_REACHED.low, high: PEER_REACHED.high }
}

/** What a tool printed, else the links by their number and generation; undefined where there are none. */
function nvlinkPeak(link: Link, device: Device): Peak | undefined {
  if (link.bandwidthBytesPerSecond !== undefined) return { perSecond: link.bandwidthBytesPerSecond, from: 'typed' }
  const bonded = bondedNvlinks(link)
  const capability = computeCapability(device) ?? 8
  const each = NVLINK_BYTES.findLast(([least]) => capability >= least)![1]
  return bonded > 0 ? { perSecond: bonded * each, from: 'assumed' } : undefined
}

/** A link at rest shows a lower generation than it runs at under load, but not fewer lanes. */
function pciePeak({ pcie, fromCatalogue }: Device): Peak {
  const perSecond = slotBytes(pcie)
  if (perSecond === undefined) return { perSecond: ASSUMED_PCIE, from: 'assumed' }
  return { perSecond, from: fromCatalogue?.includes('pcie') ? 'catalogue' : 'typed' }
}

function slotBytes(slot: PcieSlot | undefined): number | undefined {
  const lane = LANE_BYTES[slot?.generationMax ?? slot?.generation ?? 0]
  const lanes = slot?.width ?? slot?.widthMax
  return lane && lanes ? lane * lanes : undefined
}
