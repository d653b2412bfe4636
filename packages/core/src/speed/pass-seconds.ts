import type { Device, Machine } from '../machine/machine.ts'
import { HOST, type PlaceIndex } from '../memory/run-memory.ts'
import type { Span } from './efficiency.ts'
import { deviceLink, hostLink, type LinkRates } from './link-rates.ts'
import type { Hop, PassWork, PlaceWork } from './place-work.ts'
import { deviceRates, hostRates, type PlaceRates } from './rates.ts'

/** The pessimistic and the optimistic end of every span. */
export type End = 'low' | 'high'

/** Of the experts that tokens would choose apart, were all alike: routers prefer some. */
const CHANCE_SHARE = { low: 1, high: 0.7 } as const
/** Of the bandwidth that weights get: caches lie in smaller pieces, but part of them stays near. */
const CACHE_SHARE: Span = { low: 0.5, high: 1.2 }
/** Of the rate of dense matrices: an expert gets few rows, and its tiles are never full. */
const EXPERT_SHARE: Span = { low: 0.38, high: 0.8 }
/** Of the rate of long prompts, while fewer rows than a tile holds are multiplied. */
const SMALL_BATCH_SHARE: Span = { low: 0.35, high: 1 }
const SMALL_BATCH = 128

export interface Rates {
  readonly devices: readonly PlaceRates[]
  readonly host: PlaceRates
  readonly link: (from: PlaceIndex, to: PlaceIndex) => LinkRates
}

/** The devices in the order of the run. */
export function ratesOf(devices: readonly Device[], machine: Machine, sideBySide = false): Rates {
  return {
    devices: devices.map(deviceRates),
    host: hostRates(machine),
    link: (from, to) => {
      if (from !== HOST && to !== HOST) return deviceLink(devices[from]!, devices[to]!, { machine, sideBySide })
      return hostLink(devices[from === HOST ? to : from]!, machine)
    },
  }
}

/** Where the seconds of one place go. */
export interface PlaceSeconds {
  readonly memory: number
  readonly compute: number
  readonly launches: number
}

export interface PassSeconds {
  readonly devices: readonly PlaceSeconds[]
  readonly host: PlaceSeconds
  readonly upload: number
  /** One entry a hop of the work. */
  readonly hops: readonly number[]
}

/** Reading and computing are counted one after the other: measured rates with few and with many tokens a batch add up so. */
export function passSeconds(
  work: PassWork,
  rates: Rates,
  { tokens, end }: { readonly tokens: number; readonly end: End },
): PassSeconds {
  const seconds = (one: PlaceWork, place: PlaceRates): PlaceSeconds => placeSeconds(one, place, { tokens, end })
  return {
    devices: work.devices.map((one, device) => seconds(one, rates.devices[device]!)),
    host: seconds(work.host, rates.host),
    upload: work.uploadedBytes === 0 ? 0 : work.uploadedBytes / rates.link(HOST, 0).reached[end],
    hops: work.hops.map((hop) => hopSeconds(hop, rates.link(hop.from, hop.to), end)),
  }
}

/** What goes one way between two places. */
export const hopSeconds = ({ bytes, count }: Pick<Hop, 'bytes' | 'count'>, link: LinkRates, end: End): number =>
  bytes / link.reached[end] + count * link.trip[end === 'low' ? 'high' : 'low']

export function placeSeconds(
  work: PlaceWork,
  { bandwidth, compute, attention, launch }: PlaceRates,
  { tokens, end }: { tokens: number; end: End },
): PlaceSeconds {
  const memory = bandwidth.reached[end]
  const isSmall = tokens > 1 && tokens <= SMALL_BATCH
  const dense = compute.reached[end] * (isSmall ? SMALL_BATCH_SHARE[end] : 1)
  return {
    memory:
      (work.weightBytes + work.chanceBytes * CHANCE_SHARE[end] + work.scoreBytes) / memory +
      work.cacheBytes / (memory * CACHE_SHARE[end]),
    compute:
      work.matrixFlops / dense +
      work.expertFlops / (dense * EXPERT_SHARE[end]) +
      work.attentionFlops / (tokens === 1 ? compute.reached : attention)[end],
    launches: work.launches * launch[end === 'low' ? 'high' : 'low'],
  }
}

export const placeTotal = ({ memory, compute, launches }: PlaceSeconds): number => memory + compute + launches

const sum = (parts: readonly number[]): number => parts.reduce((total, part) => total + part, 0)

/** Places work one after the other, as the layers lie; in split mode tensor the slowest device decides. */
export function totalSeconds({ devices, host, upload, hops }: PassSeconds, { sideBySide }: PassWork): number {
  const times = devices.map(placeTotal)
  return (sideBySide ? Math.max(0, ...times) : sum(times)) + placeTotal(host) + upload + sum(hops)
}
