import { HOST, type PlaceIndex } from '../memory/run-memory.ts'
import type { Place } from '../placement/verdict.ts'
import { bytes } from '../units.ts'
import type { Bound, SpeedBasis, SpeedCertainty, SpeedPhase } from './basis.ts'
import { type PassSeconds, passSeconds, type PlaceSeconds, placeTotal, totalSeconds } from './pass-seconds.ts'
import { generationPass, type Pass, promptPass } from './pass.ts'
import { bytesOf, flopsOf, type PlaceWork } from './place-work.ts'
import type { PlaceRates } from './rates.ts'
import type { SpeedWorkplace } from './workplace.ts'

/** Every place, way and peak that decides, and whether any of them is a guess. */
export function describeBasis(workplace: SpeedWorkplace): {
  readonly basis: readonly SpeedBasis[]
  readonly certainty: SpeedCertainty
} {
  const { slotCapacity, ubatch, run } = workplace
  const phases = [
    ...phaseBasis('generation', generationPass(1, slotCapacity), workplace),
    ...phaseBasis('prompt', promptPass(slotCapacity, ubatch), workplace),
  ]
  const basis = [...phases, ...peakBasis(workplace, phases)]
  return { basis, certainty: run.model.described && !basis.some(isGuess) ? 'estimated' : 'assumed' }
}

function isGuess(line: SpeedBasis): boolean {
  if (line.kind === 'peak') return line.peak.from === 'assumed' || (line.place.kind === 'device' && !line.measuredOn)
  return line.kind === 'transfer' && line.carries === 'weights' && line.peak.from === 'assumed'
}

function phaseBasis(phase: SpeedPhase, pass: Pass, workplace: SpeedWorkplace): readonly SpeedBasis[] {
  const { rates } = workplace
  const work = workplace.work(pass)
  const ends = (['low', 'high'] as const).map((end) => passSeconds(work, rates, { tokens: pass.tokens, end }))
  const total = mean(ends.map((end) => totalSeconds(end, work)))
  const shareOf = (seconds: (end: PassSeconds) => number): number => mean(ends.map(seconds)) / total
  const common = { phase, tokens: pass.tokens }

  const works = (one: PlaceWork, index: PlaceIndex, seconds: (end: PassSeconds) => PlaceSeconds): SpeedBasis => ({
    ...common,
    kind: 'work',
    place: placeAt(index, workplace),
    weightBytes: bytes(Math.round(one.weightBytes + one.chanceBytes)),
    cacheBytes: bytes(Math.round(one.cacheBytes)),
    flops: Math.round(flopsOf(one)),
    bound: boundOf(ends.map(seconds)),
    share: shareOf((end) => placeTotal(seconds(end))),
  })
  const sends = (
    carries: 'activations' | 'weights',
    hop: SentHop,
    seconds: (end: PassSeconds) => number,
  ): SpeedBasis => {
    const { kind: link, peak, throughHost } = rates.link(hop.from, hop.to)
    return {
      ...common,
      kind: 'transfer',
      from: placeAt(hop.from, workplace),
      to: placeAt(hop.to, workplace),
      carries,
      link,
      ...(throughHost && { throughHost }),
      peak,
      bytes: bytes(Math.round(hop.bytes)),
      trips: hop.count,
      share: shareOf(seconds),
    }
  }
  const upload = { from: HOST, to: 0, bytes: work.uploadedBytes, count: 1 }
  return [
    ...work.devices.flatMap((one, at) => (bytesOf(one) > 0 ? [works(one, at, ({ devices }) => devices[at]!)] : [])),
    ...(bytesOf(work.host) > 0 ? [works(work.host, HOST, ({ host }) => host)] : []),
    ...(upload.bytes > 0 ? [sends('weights', upload, (end) => end.upload)] : []),
    ...work.hops.map((hop, at) => sends('activations', hop, ({ hops }) => hops[at]!)),
  ]
}

interface SentHop {
  readonly from: PlaceIndex
  readonly to: PlaceIndex
  readonly bytes: number
  readonly count: number
}

const placeAt = (index: PlaceIndex, { input }: SpeedWorkplace): Place =>
  index === HOST ? { kind: 'host' } : { kind: 'device', device: input.placement.split.devices[index]!.device }

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The largest part of its time, over both ends. */
function boundOf(ends: readonly PlaceSeconds[]): Bound {
  const parts: readonly (readonly [Bound, number])[] = [
    ['memory-bandwidth', mean(ends.map(({ memory }) => memory))],
    ['compute', mean(ends.map(({ compute }) => compute))],
    ['launches', mean(ends.map(({ launches }) => launches))],
  ]
  return parts.reduce((most, part) => (part[1] > most[1] ? part : most))[0]
}

/** The peaks of places that take part, each once. */
function peakBasis(workplace: SpeedWorkplace, phases: readonly SpeedBasis[]): readonly SpeedBasis[] {
  const { devices, host } = workplace.rates
  const working = new Set(phases.flatMap((line) => (line.kind === 'work' ? [keyOf(line.place)] : [])))
  const lines = (index: PlaceIndex, { bandwidth, compute, measuredOn }: PlaceRates): readonly SpeedBasis[] => {
    const place = placeAt(index, workplace)
    if (!working.has(keyOf(place))) return []
    const measured = measuredOn === undefined ? {} : { measuredOn }
    return [
      { kind: 'peak', place, figure: 'memory-bandwidth', ...bandwidth, ...measured },
      { kind: 'peak', place, figure: 'compute', ...compute, ...measured },
    ]
  }
  return [...devices.flatMap((rates, index) => lines(index, rates)), ...lines(HOST, host)]
}

const keyOf = (place: Place): string => (place.kind === 'host' ? '' : place.device)
