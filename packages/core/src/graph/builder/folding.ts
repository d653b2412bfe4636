/**
 * Identical blocks are replayed once, not eighty times. A run of blocks that repeat with a period is cut down to a few
 * periods at its beginning and one or two at its end. The replay then checks that two neighbouring windows before the cut
 * were given the very same addresses: from such a state every further window repeats them, so what was cut out changes
 * nothing. Where the check fails, the next attempt keeps more; the last keeps everything.
 */
export interface Folding {
  /** The blocks to build, in order. */
  readonly blocks: readonly number[]
  /** Positions in `blocks` where the first of two compared windows begins, and how many blocks a window has. */
  readonly checks: readonly { readonly from: number; readonly window: number }[]
}

/** How much of a run is kept before the cut, in periods: some to settle, then two windows to compare. */
export interface Attempt {
  readonly settling: number
  readonly window: number
}

/** Most runs repeat from the third period on; where addresses alternate from block to block, windows of two are needed. */
export const attempts: readonly Attempt[] = [
  { settling: 2, window: 1 },
  { settling: 2, window: 2 },
  { settling: 3, window: 4 },
]

/** Patterns of windowed and full attention, or of recurrent and attending blocks, repeat at most this far apart. */
const PERIOD_MAX = 8

export const unfolded = (count: number): Folding => ({
  blocks: Array.from({ length: count }, (_, il) => il),
  checks: [],
})

/** `signatures`: equal numbers mean blocks whose graphs differ in nothing the allocator sees. */
export function foldBlocks(signatures: readonly number[], { settling, window }: Attempt): Folding {
  const blocks: number[] = []
  const checks: { from: number; window: number }[] = []
  const periodsBefore = settling + 2 * window
  let il = 0
  while (il < signatures.length) {
    const run = longestRun(signatures, il, { periodsBefore, window })
    if (!run) {
      blocks.push(il++)
      continue
    }
    const kept = periodsBefore * run.period
    checks.push({ from: blocks.length + settling * run.period, window: window * run.period })
    for (let block = 0; block < kept; block++) blocks.push(il + block)
    il += kept + run.cut
  }
  return { blocks, checks }
}

interface Run {
  readonly period: number
  /** Blocks to leave out behind the kept ones: whole windows, so that the rest goes on in step. */
  readonly cut: number
}

/** The period at `start` that lets most blocks be left out, at least one period staying behind the cut. */
function longestRun(
  signatures: readonly number[],
  start: number,
  { periodsBefore, window }: { readonly periodsBefore: number; readonly window: number },
): Run | undefined {
  let best: Run | undefined
  for (let period = 1; period <= PERIOD_MAX; period++) {
    let end = start + period
    while (end < signatures.length && signatures[end] === signatures[end - period]) end++
    const spare = Math.floor((end - start) / period) - periodsBefore - 1
    const cut = (spare - (spare % window)) * period
    if (cut > (best?.cut ?? 0)) best = { period, cut }
  }
  return best
}
