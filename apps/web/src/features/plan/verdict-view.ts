import {
  byVerdict,
  type Machine,
  needsHost,
  type Place,
  type Placement,
  type Remedy,
  type RemedyCost,
  type Verdict,
} from '@berth/core'
import type { OfferFigures } from './judge-messages.ts'
import type { LayerHolder } from '@berth/ui/layer-runs'
import type { VerdictKind } from '@berth/ui/verdict-badge'

export interface MachineVerdict {
  readonly machine: Machine
  readonly verdict: Verdict
  /** How its figures come about and how fast it is, one entry an offer; absent where nobody asked. */
  readonly figures?: readonly OfferFigures[]
}

/** One of the placements a verdict offers, with what it takes to have it. */
export type Offer = { readonly placement: Placement } & (
  | { readonly origin: 'best' | 'other' | 'nearest' }
  | { readonly origin: 'remedy'; readonly remedy: Remedy; readonly cost: RemedyCost }
)

/** A device with less than this share of its memory to spare counts as tight. */
const TIGHT_SHARE = 0.03

/** All placements of a verdict in a fixed order: the best or nearest, then the others or the remedies. */
export function offersOf(verdict: Verdict): readonly Offer[] {
  if (verdict.fits) {
    return [
      { origin: 'best', placement: verdict.best },
      ...verdict.others.map((placement) => ({ origin: 'other' as const, placement })),
    ]
  }
  return [
    ...(verdict.nearest ? [{ origin: 'nearest' as const, placement: verdict.nearest }] : []),
    ...verdict.remedies.map((plan) => ({ origin: 'remedy' as const, ...plan })),
  ]
}

export function verdictKind(verdict: Verdict): VerdictKind {
  if (!verdict.fits) return 'no'
  if (needsHost(verdict.best)) return 'host'
  const { memory } = verdict.best
  const tight = memory.some(
    ({ place, headroom, capacity }) => place.kind === 'device' && headroom < capacity * TIGHT_SHARE,
  )
  return tight ? 'tight' : 'fits'
}

/** As core orders verdicts; ties by name. */
export const bestFirst = (verdicts: readonly MachineVerdict[]): readonly MachineVerdict[] =>
  verdicts.toSorted((a, b) => byVerdict(a.verdict, b.verdict) || a.machine.name.localeCompare(b.machine.name))

/** Layers of the whole model: its blocks and the output layer. */
export const layerCount = ({ split }: Placement): number =>
  split.hostBlocks + split.devices.reduce((sum, { layers }) => sum + layers, 0)

/** Who holds each layer, the output layer last. Blocks left to the host are the first ones. */
export const layerHolders = ({ split }: Placement): readonly LayerHolder[] => [
  ...Array.from({ length: split.hostBlocks }, () => 'host' as const),
  ...split.devices.flatMap(({ layers }, device) => Array.from({ length: layers }, () => device)),
]

/** "GPU 0" in the machine's own order, or "Host memory". */
export function placeName(place: Place, machine: Machine): string {
  if (place.kind === 'host') return 'Host memory'
  const device = machine.devices.find(({ id }) => id === place.device)
  return device ? `GPU ${device.index}` : 'GPU'
}

/** Makers and brands that say nothing beside the model: "NVIDIA GeForce RTX 3090" is an RTX 3090. */
const BRAND = /^(?:(?:NVIDIA|AMD|Intel(?:\(R\))?)\s+)?(?:(?:GeForce|Radeon)\s+(?=\S*\d|RX|RTX|GTX))?/

export const shortGpuName = (name: string): string => name.replace(BRAND, '') || name

/** "2 × RTX 3090, A40": devices of one name counted together, in their order. */
export function devicesSummary(machine: {
  readonly devices: readonly Pick<Machine['devices'][number], 'name'>[]
}): string {
  const counts = new Map<string, number>()
  for (const device of machine.devices) {
    const name = shortGpuName(device.name)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => (count > 1 ? `${count} × ${name}` : name)).join(', ')
}
