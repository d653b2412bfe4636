import { KIB, MIB, padTo } from '../units.ts'
import type { TensorRun } from './tensor-run.ts'

/** What PyTorch's caching allocator holds on a device; sizes in bytes. */
export interface TorchPool {
  /** Taken from the driver. */
  readonly reserved: number
  /** Unused stretches of its segments, ascending: for requests up to 1 MiB, and for larger ones. */
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
 *
 * Equal tensors are taken together. What the first of them leaves of a stretch is the smallest that holds the next.
 */
export function allocateAll(pool: TorchPool, runs: readonly TensorRun[]): TorchPool {
  const stretches = { small: [...pool.small], large: [...pool.large] }
  let { reserved } = pool
  for (const { bytes, count } of runs) {
    const size = padTo(Math.max(bytes, 1), MIN_BLOCK)
    const isSmall = size <= SMALL_SIZE
    const unused = isSmall ? stretches.small : stretches.large
    const keep = (left: number, times: number): void => {
      if (times > 0 && (isSmall ? left >= MIN_BLOCK : left > SMALL_SIZE)) insert(unused, left, times)
    }
    let wanted = count
    for (let at = firstAtLeast(unused, size); wanted > 0 && at < unused.length; at = firstAtLeast(unused, size)) {
      const [stretch] = unused.splice(at, 1) as [number]
      const taken = Math.min(wanted, Math.floor(stretch / size))
      wanted -= taken
      keep(stretch - taken * size, 1)
    }
    const segment = isSmall ? SMALL_BUFFER : size < MIN_LARGE_ALLOC ? LARGE_BUFFER : padTo(size, ROUND_LARGE)
    const each = Math.floor(segment / size)
    const rest = wanted % each
    reserved += Math.ceil(wanted / each) * segment
    keep(segment - each * size, Math.floor(wanted / each))
    keep(segment - rest * size, rest > 0 ? 1 : 0)
  }
  return { reserved, ...stretches }
}

/** Where the first of these ascending stretches lies that holds `size`; their number where none does. */
function firstAtLeast(stretches: readonly number[], size: number): number {
  let [low, high] = [0, stretches.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (stretches[middle]! < size) low = middle + 1
    else high = middle
  }
  return low
}

const insert = (stretches: number[], size: number, times: number): void =>
  void stretches.splice(firstAtLeast(stretches, size), 0, ...Array.from({ length: times }, () => size))
