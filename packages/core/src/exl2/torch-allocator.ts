import { KIB, MIB, padTo } from '../units.ts'

/** What PyTorch's caching allocator holds on a device; sizes in bytes. */
export interface TorchPool {
  /** Taken from the driver. */
  readonly reserved: number
  /** Unused stretches of its segments: for requests up to 1 MiB, and for larger ones. */
  readonly small: readonly number[]
  readonly large: readonly number[]
}

export const emptyPool: TorchPool = { reserved: 0, small: [], large: [] }

/** c10/cuda/CUDACachingAllocator.cpp: `kMinBlockSize`, `kSmallSize`, `kSmallBuffer`, `kMinLargeAlloc`, `kLargeBuffer`, `kRoundLarge`. */
const MIN_BLOCK = KIB / 2
const SMALL_SIZE = MIB
const SMALL_BUFFER = 2 * MIB
const MIN_LARGE_ALLOC = 10 * MIB
export const LARGE_BUFFER = 20 * MIB
const ROUND_LARGE = 2 * MIB

/**
 * Takes memory that is never given back, as tensors of a loaded model are: of each request the smallest unused stretch
 * that is large enough, or else a new segment. What is left over stays usable, of a large segment only if it is over
 * 1 MiB. A replay of `CUDACachingAllocator` without its frees: passes that run in between may leave other holes, so it is
 * assumed, not exact.
 */
export function allocateAll(pool: TorchPool, sizes: readonly number[]): TorchPool {
  const stretches = { small: [...pool.small], large: [...pool.large] }
  let { reserved } = pool
  for (const requested of sizes) {
    const size = padTo(Math.max(requested, 1), MIN_BLOCK)
    const isSmall = size <= SMALL_SIZE
    const unused = isSmall ? stretches.small : stretches.large
    const fit = bestFit(unused, size)
    const segment = isSmall ? SMALL_BUFFER : size < MIN_LARGE_ALLOC ? LARGE_BUFFER : padTo(size, ROUND_LARGE)
    if (fit === undefined) reserved += segment
    const left = (fit === undefined ? segment : unused.splice(fit, 1)[0]!) - size
    if (isSmall ? left >= MIN_BLOCK : left > SMALL_SIZE) unused.push(left)
  }
  return { reserved, ...stretches }
}

/** Where the smallest stretch lies that holds `size`. */
function bestFit(stretches: readonly number[], size: number): number | undefined {
  let best: number | undefined
  for (const [index, stretch] of stretches.entries()) {
    if (stretch >= size && (best === undefined || stretch < stretches[best]!)) best = index
  }
  return best
}
