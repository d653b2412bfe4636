import type { Machine } from '../machine/machine.ts'
import { placeName } from '../placement/explain.ts'
import type { Place } from '../placement/verdict.ts'
import { formatBytes, groupThousands } from '../units.ts'
import type { Bound, SpeedBasis, SpeedPhase } from './basis.ts'
import type { Span } from './efficiency.ts'
import type { Peak } from './rates.ts'

type Of<Kind extends SpeedBasis['kind']> = Extract<SpeedBasis, { readonly kind: Kind }>

/** "28 to 41 tokens/s": both ends rounded outwards to two digits, so that they are never one number. */
export const formatSpeed = ({ low, high }: Span): string =>
  `${roundedTo(low, Math.floor)} to ${roundedTo(high, Math.ceil)} tokens/s`

function roundedTo(value: number, round: (value: number) => number): string {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1)
  // Above ten the unit is whole; below, dividing keeps 0.3 from becoming 0.30000000000000004.
  const rounded = unit >= 1 ? round(value / unit) * unit : round(value / unit) / Math.round(1 / unit)
  return groupThousands(String(rounded))
}

/** What an estimate rests on, a sentence a line: the work and the ways, then the peaks. Places alike share a line. */
export function explainSpeed(basis: readonly SpeedBasis[], machine: Machine): readonly string[] {
  const subjects = new Map<string, string[]>()
  for (const line of basis) {
    const { subject, rest } = sentenceOf(line, machine)
    subjects.set(rest, [...(subjects.get(rest) ?? []), subject])
  }
  return [...subjects].map(([rest, named]) => rest.replace('{}', named.join(', ')))
}

/** `{}` stands for the subject. */
interface Sentence {
  readonly subject: string
  readonly rest: string
}

function sentenceOf(line: SpeedBasis, machine: Machine): Sentence {
  if (line.kind === 'work') return workSentence(line, machine)
  return line.kind === 'transfer' ? transferSentence(line, machine) : peakSentence(line, machine)
}

const phases = {
  generation: () => 'A token with a full context',
  prompt: (tokens) => `${groupThousands(tokens)} tokens of a prompt that fills the context`,
} as const satisfies Record<SpeedPhase, (tokens: number) => string>

const bounds = {
  'memory-bandwidth': 'bound by memory bandwidth',
  compute: 'bound by compute',
  launches: 'bound by starting kernels',
} as const satisfies Record<Bound, string>

function workSentence(
  { phase, place, tokens, weightBytes, cacheBytes, flops, bound, share }: Of<'work'>,
  machine: Machine,
): Sentence {
  const read = [
    ...(weightBytes > 0 ? [`${formatBytes(weightBytes)} of weights`] : []),
    ...(cacheBytes > 0 ? [`${formatBytes(cacheBytes)} of context`] : []),
  ]
  return {
    subject: shortName(place, machine),
    rest: `${phases[phase](tokens)}, {}: ${[...read, operations(flops)].join(', ')}; ${bounds[bound]}; ${percent(share)} of the time.`,
  }
}

function transferSentence(
  { phase, from, to, carries, link, throughHost, peak, tokens, bytes: sent, trips, share }: Of<'transfer'>,
  machine: Machine,
): Sentence {
  const staged = throughHost ? ' through host memory' : ''
  const count = `${groupThousands(trips)} ${trips === 1 ? 'trip' : 'trips'}`
  return {
    subject: `${shortName(from, machine)} to ${shortName(to, machine)}`,
    rest: `${phases[phase](tokens)}, {}: ${formatBytes(sent)} of ${carries} in ${count} over ${link}${staged} of ${bandwidth(peak.perSecond)}, ${origins[peak.from]}; ${percent(share)} of the time.`,
  }
}

const shortName = (place: Place, { devices }: Machine): string =>
  place.kind === 'host' ? 'host' : `GPU ${devices.find(({ id }) => id === place.device)?.index ?? '?'}`

function peakSentence({ place, figure, peak, reached, measuredOn }: Of<'peak'>, machine: Machine): Sentence {
  const [name, write] = figure === 'compute' ? ['compute', operationsPerSecond] : ['memory bandwidth', bandwidth]
  const measured = measuredOn === undefined ? 'assumed' : `as measured on ${measuredOn}`
  return {
    subject: placeName(place, machine),
    rest: `{}: ${name} of ${write(peak.perSecond)}, ${origins[peak.from]}; llama.cpp reaches ${write(reached.low)} to ${write(reached.high)}, ${measured}.`,
  }
}

const origins = {
  typed: 'as given',
  catalogue: 'from the catalogue',
  assumed: 'assumed',
} as const satisfies Record<Peak['from'], string>

const percent = (share: number): string => (share < 0.01 ? 'under 1 %' : `${Math.round(share * 100)} %`)
const digits = (value: number): string =>
  groupThousands(value >= 100 ? Math.round(value) : Number(value.toPrecision(2)))
const bandwidth = (perSecond: number): string => `${digits(perSecond / 1e9)} GB/s`
const operationsPerSecond = (perSecond: number): string => `${digits(perSecond / 1e12)} TFLOPS`
const operations = (count: number): string =>
  count >= 1e12 ? `${digits(count / 1e12)} TFLOP` : `${digits(count / 1e9)} GFLOP`
