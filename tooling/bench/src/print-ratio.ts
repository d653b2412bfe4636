import type { Bench } from 'tinybench'

export interface Ratio {
  readonly of: string
  readonly to: string
  readonly meaning: string
}

/** One task's median as a multiple of another's in the same run, which a busy machine changes little. */
export function printRatio(bench: Bench, { of, to, meaning }: Ratio): void {
  console.log(`${(median(bench, of) / median(bench, to)).toFixed(3)}  ${meaning}`)
}

export interface Record {
  readonly of: string
  readonly peer: string
  /** The peer's range for the same question, measured once on another machine. */
  readonly milliseconds: readonly [number, number]
}

/** A task's median against a peer that cannot run here: a figure of record, so only its order of magnitude counts. */
export function printRecord(bench: Bench, { of, peer, milliseconds: [least, most] }: Record): void {
  const own = median(bench, of)
  const range = `${least.toLocaleString('en')} to ${most.toLocaleString('en')} ms`
  console.log(`${(own / most).toPrecision(2)} to ${(own / least).toPrecision(2)}  of ${peer}: ${range}, of record`)
}

function median(bench: Bench, name: string): number {
  const result = bench.getTask(name)?.result
  if (!result || !('latency' in result)) throw new Error(`${name} did not run`)
  return result.latency.p50
}
