import { bytes, type Bytes, formatBytes } from '../../units.ts'
import type { EstimateAccount, EstimateTerm } from './estimate-account.ts'

const because = {
  weights: 'weights of the blocks on the GPUs',
  cache: 'KV cache of these blocks',
  output: 'the output layer',
  graph: 'compute graph, counted once for every GPU that holds a layer',
  minimum: 'kept for the driver on every GPU that takes part',
  spareLayer: 'one layer more, kept free on every GPU that takes part',
  projector: 'the projector, on the first GPU',
  overflow: 'layers left to the processor, each counted as large as the last',
} as const satisfies Record<EstimateTerm['code'], string>

/** What is the same on every GPU is written as a product. */
const ONE_EACH: ReadonlySet<EstimateTerm['code']> = new Set(['graph', 'minimum', 'spareLayer'])

/** A line for every part of the size that `ollama ps` shows, and the size last. */
export function explainEstimate(account: EstimateAccount): readonly string[] {
  return [
    ...account.terms.map((term) => `${formatBytes(term.bytes)}: ${because[term.code]}${product(term)}`),
    `${formatBytes(account.size)}: shown as ${printedSize(account.size)}, ${printedProcessor(account)}`,
  ]
}

const product = ({ code, gpus, bytes: all }: EstimateTerm): string =>
  ONE_EACH.has(code) && gpus > 1 ? ` (${gpus} × ${formatBytes(bytes(all / gpus), 'MiB')})` : ''

const DECIMAL_UNITS = [
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
  ['KB', 1e3],
] as const

/** SIZE as `ollama ps` and `ollama list` print it: decimal, and cut off rather than rounded (`format.HumanBytes`). */
export function printedSize(size: Bytes): string {
  const [unit, divisor] = DECIMAL_UNITS.find(([, least]) => size >= least) ?? ['B', 1]
  const value = size / divisor
  const digits = value >= 10 || Number.isInteger(value) ? 0 : 1
  return `${digits === 0 ? Math.trunc(value) : value.toFixed(1)} ${unit}`
}

/** PROCESSOR as `ollama ps` prints it. */
export function printedProcessor({ cpuPercent, gpuPercent, terms }: EstimateAccount): string {
  if (!terms.some(({ code }) => code === 'overflow')) return '100% GPU'
  return gpuPercent === 0 ? '100% CPU' : `${cpuPercent}%/${gpuPercent}% CPU/GPU`
}
