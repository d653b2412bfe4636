import type { Bench } from 'tinybench'

export interface Ratio {
  readonly of: string
  readonly to: string
  readonly meaning: string
}

/** One task's median as a multiple of another's in the same run, which a busy machine changes little. */
export function printRatio(bench: Bench, { of, to, meaning }: Ratio): void {
  const median = (name: string): number => {
    const result = bench.getTask(name)?.result
    if (!result || !('latency' in result)) throw new Error(`${name} did not run`)
    return result.latency.p50
  }
  console.log(`${(median(of) / median(to)).toFixed(3)}  ${meaning}`)
}
