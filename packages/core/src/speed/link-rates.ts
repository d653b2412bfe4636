import type { Device, Machine, PcieSlot } from '../machine/machine.ts'
import type { Span } from './efficiency.ts'
import { type Peak, scaled } from './rates.ts'

/** A way between two places: bytes a second in one direction, and what every trip costs beside its bytes. */
export interface LinkRates {
  readonly peak: Peak
  /** As nvidia-smi names it, or PCIe, or memory where both share it. */
  readonly kind: string
  readonly reached: Span
  readonly trip: Span
}

/** PCIe bytes a second and lane in one direction, by generation, after line coding. */
const LANE_BYTES: readonly number[] = [0, 0.25e9, 0.5e9, 0.985e9, 1.969e9, 3.938e9, 7.563e9]
/** Where no tool tells: PCIe 3.0 x16, or 4.0 x8. */
const ASSUMED_PCIE = 15.75e9
/** One NVLink in one direction, second to fourth generation. */
const NVLINK_BYTES = 25e9

/** Weights mapped from a file are copied through the driver's own buffer, pinned ones at nearly the full rate. */
const UPLOAD_REACHED: Span = { low: 0.25, high: 0.75 }
/** Without peer access a copy goes through host memory, and so twice over the bus. */
const PEER_REACHED: Span = { low: 0.3, high: 0.85 }
/** A synchronisation, the copy's start, and a graph that has to be started anew. */
const DEVICE_TRIP: Span = { low: 15e-6, high: 250e-6 }
/** An addition over all devices: no graph is started for it. */
const REDUCTION_TRIP: Span = { low: 15e-6, high: 80e-6 }
const HOST_TRIP: Span = { low: 8e-6, high: 60e-6 }

/** Between a device and the host. */
export function hostLink(device: Device): LinkRates {
  const shared = device.unified ? device.memoryBandwidthBytesPerSecond : undefined
  const peak: Peak = shared === undefined ? pciePeak(device) : { perSecond: shared, from: 'typed' }
  const kind = shared === undefined ? 'PCIe' : 'memory'
  return { peak, kind, reached: scaled(peak.perSecond, UPLOAD_REACHED), trip: HOST_TRIP }
}

/** Between two devices: NVLink where one is known, else the slower of their slots. */
export function deviceLink(
  from: Device,
  to: Device,
  { machine: { links }, sideBySide }: { readonly machine: Machine; readonly sideBySide: boolean },
): LinkRates {
  const link = links.find(
    (one) => (one.from === from.id && one.to === to.id) || (one.from === to.id && one.to === from.id),
  )
  const bonded = Number(/^NV(\d+)$/.exec(link?.kind ?? '')?.[1] ?? 0)
  const slower = [pciePeak(from), pciePeak(to)].toSorted((a, b) => a.perSecond - b.perSecond)[0]!
  const speed = link?.bandwidthBytesPerSecond
  let peak = slower
  if (speed !== undefined) peak = { perSecond: speed, from: 'typed' }
  else if (bonded > 0) peak = { perSecond: bonded * NVLINK_BYTES, from: 'assumed' }
  return {
    peak,
    kind: link?.kind ?? 'PCIe',
    reached: scaled(peak.perSecond, PEER_REACHED),
    trip: sideBySide ? REDUCTION_TRIP : DEVICE_TRIP,
  }
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
