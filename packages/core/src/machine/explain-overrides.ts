import { type Bytes, bytes, formatBytes, groupThousands } from '../units.ts'
import type { OverrideIssue } from './check-override.ts'
import { type DeviceFigure, type FigureUnit, type FigureValue, limitsOf, type MachineFigure } from './figures.ts'
import { hidesNewer, type Override } from './overrides.ts'

/** What a figure is called, and what it means. */
export interface FigureWords {
  readonly term: string
  readonly meaning: string
}

export const figureWords = {
  'memory.nominal': { term: 'Nominal', meaning: 'On the box: 24 GB is 24 GiB of chips.' },
  'memory.reported': { term: 'Reported', meaning: 'What the driver’s tools print as total.' },
  'memory.runtime': { term: 'Runtime', meaning: 'What a process sees as total.' },
  'memory.driverReserved': {
    term: 'Driver',
    meaning: 'What the driver keeps for itself out of the reported total.',
  },
  'memory.policyReserved': {
    term: 'Kept back',
    meaning: 'What your team keeps back from every plan on this GPU. No engine knows of it.',
  },
  memoryBandwidthBytesPerSecond: {
    term: 'Bandwidth',
    meaning: 'Of its memory, at most. Speed estimates stand on it.',
  },
  fp16FlopsPerSecond: {
    term: 'FP16, dense',
    meaning: 'Half-precision operations a second without sparsity. Speed estimates stand on it.',
  },
  powerLimitWatts: { term: 'Power limit', meaning: 'What the card may draw, as it is set now.' },
  'pcie.generation': { term: 'PCIe generation', meaning: 'Of the slot under load; idle cards print a lower one.' },
  'pcie.width': { term: 'PCIe lanes', meaning: 'Of the slot as it is wired.' },
  displayAttached: { term: 'Display', meaning: 'Whether it drives a display, which takes memory of it.' },
  architecture: {
    term: 'Architecture',
    meaning:
      'CUDA compute capability, as 8.6, or AMD target, as gfx1100. The driver’s share of a process depends on it.',
  },
  hostMemoryTotal: { term: 'RAM', meaning: 'The memory of the host.' },
  hostMemoryBandwidthBytesPerSecond: {
    term: 'RAM bandwidth',
    meaning: 'All channels together, as the modules are clocked. What stays on the host is as fast as this.',
  },
  cpuCores: { term: 'Cores', meaning: 'Of the processors together.' },
} as const satisfies Record<DeviceFigure | MachineFigure, FigureWords>

const GIGA = 1e9
const TERA = 1e12

const rounded = (value: number, digits: number): string => groupThousands(String(Number(value.toFixed(digits))))

const writers = {
  bytes: (value) => formatBytes(bytes(value)),
  'bytes-per-second': (value) => `${rounded(value / GIGA, 1)} GB/s`,
  'flops-per-second': (value) => `${rounded(value / TERA, 1)} TFLOPS`,
  watts: (value) => `${rounded(value, 1)} W`,
  generation: (value) => `Gen ${value}`,
  lanes: (value) => `×${value}`,
  cores: (value) => groupThousands(value),
  'yes-no': String,
  text: String,
} as const satisfies Record<FigureUnit, (value: number) => string>

/** A figure as people read it: "24.00 GiB", "936 GB/s", "×16", "yes". */
export function formatFigure(unit: FigureUnit, value: FigureValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' ? value : writers[unit](value)
}

/** What is wrong with a value, to be read after the name of its field. */
export function explainOverrideIssue(issue: OverrideIssue): string {
  switch (issue.code) {
    case 'not-a-number':
      return 'must be a number'
    case 'not-whole':
      return 'must be a whole number'
    case 'not-a-flag':
      return 'must be true or false'
    case 'not-a-text':
      return 'must be 1 to 40 letters, figures, spaces or . _ + -, as 8.6 or gfx1100'
    case 'too-small':
      return `must be ${inUnit(issue.limit, issue.limits.unit)} at least`
    case 'too-large':
      return `must be ${inUnit(issue.limit, issue.limits.unit)} at most`
    case 'not-a-choice':
      return `must be one of ${issue.choices.join(', ')}`
  }
}

/** A size in bytes too, for a script sends it so. */
const inUnit = (limit: number, unit: FigureUnit): string =>
  unit === 'bytes' && limit >= 1024 ? `${limit} (${formatBytes(limit as Bytes)})` : writers[unit](limit)

export const explainOverrideRefusal = 'It is cut into MIG slices: those are planned on, not the card.'

/** What is set, beside what was read when it was set and what is read now: "Read 24,564 MiB, set to 24,000 MiB." */
export function explainOverride({ figure, value, was }: OverrideFacts, reading: FigureValue | undefined): string {
  const write = (one: FigureValue): string => exactly(limitsOf(figure).unit, one)
  const read = was === null ? 'Nothing was read' : `Read ${write(was)}`
  const newer = hidesNewer({ was }, reading) ? ` Since then ${write(reading!)} was read, which this hides.` : ''
  return `${read}, set to ${write(value)}.${newer}`
}

type OverrideFacts = Pick<Override<DeviceFigure | MachineFigure>, 'figure' | 'value' | 'was'>

/** Two sizes that differ by little must not look alike. */
const exactly = (unit: FigureUnit, value: FigureValue): string =>
  unit === 'bytes' && typeof value === 'number' ? formatBytes(bytes(value), 'MiB') : formatFigure(unit, value)
