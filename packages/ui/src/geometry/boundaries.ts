/** Layers a holder has, in the order of the strip: the host's first, then each device's. */
export type LayerCounts = readonly number[]

/** Where each holder but the last ends, in layers from the start. */
export function boundariesOf(counts: LayerCounts): readonly number[] {
  let end = 0
  return counts.slice(0, -1).map((count) => (end += count))
}

/**
 * The counts after one boundary was moved to a layer. A boundary that is met on the way is pushed along, so that every
 * layer stays with a holder and the holders keep their order.
 */
export function moveBoundary(counts: LayerCounts, boundary: number, to: number): LayerCounts {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const target = Math.min(total, Math.max(0, Math.round(to)))
  const moved = boundariesOf(counts).map((end, at) => {
    if (at === boundary) return target
    return at < boundary ? Math.min(end, target) : Math.max(end, target)
  })
  return [...moved, total].map((end, at) => end - (moved[at - 1] ?? 0))
}

/**
 * The counts after one holder was given so many layers: the next holders give or take the difference, and when they have
 * no more, the ones before.
 */
export function withCount(counts: LayerCounts, holder: number, count: number): LayerCounts {
  const total = counts.reduce((sum, one) => sum + one, 0)
  const wanted = Math.min(total, Math.max(0, Math.round(count)))
  let missing = wanted - counts[holder]!
  const next = counts.with(holder, wanted)
  const givers = [...counts.keys()].filter((at) => at > holder)
  givers.push(...[...counts.keys()].filter((at) => at < holder).toReversed())
  for (const at of givers) {
    const given = missing < 0 ? missing : Math.min(missing, next[at]!)
    next[at] = next[at]! - given
    missing -= given
  }
  return next
}
