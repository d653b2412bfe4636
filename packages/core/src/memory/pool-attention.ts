import type { ContextShape } from '../context/shape.ts'
import { MULTIPROCESSORS } from './pool-multiplication.ts'
import { largestProducts, type Product } from './product.ts'

export interface AttentionInput {
  readonly capability: number | undefined
  readonly heads: number
  readonly valueLength: number
  readonly shape: ContextShape
}

/** Blocks of 128 threads that a multiprocessor of 2,048 can hold, and of 256. */
const VECTOR_BLOCKS = 16
const TILE_BLOCKS = 8
/** Waves beyond which `launch_fattn` stops looking for a better number of parallel blocks. */
const WAVES = 4
const FLOAT = 4

/**
 * What one flash attention takes of the pool: `launch_fattn` of fattn-common.cuh for the kernel that each batch gets. Upper
 * bound over occupancy, which the driver decides.
 */
export function flashAttentionTemporaries(input: AttentionInput): readonly Product[] {
  const { capability, heads, valueLength, shape } = input
  const cells = shape.contextPerSequence
  // Tensor cores: two blocks a multiprocessor of 64 columns each, in `dst_tmp_meta`.
  const fixUp: Product = {
    what: 'stream-k fix-up',
    factors: [2, MULTIPROCESSORS, 64, 2 + valueLength / 2, 2, FLOAT],
  }
  // Generation: each of `parallel_blocks` writes a result of its own; at most one for every 128 cells.
  const blocks = Math.min(VECTOR_BLOCKS, Math.ceil(cells / 128))
  const columns = Math.max(blocks * shape.sequences * heads, WAVES * VECTOR_BLOCKS * MULTIPROCESSORS)
  const generation: Product = {
    what: 'partial results of generation',
    factors: [2, columns, valueLength + 2, FLOAT],
  }
  // Before Volta prompts take the tile kernel, which does the same for every token.
  const tiles = capability !== undefined && capability < 7 ? Math.min(TILE_BLOCKS, Math.ceil(cells / 64)) : 0
  const prompt: Product = {
    what: 'partial results of a prompt',
    factors: [tiles, shape.promptTokens, heads, valueLength + 2, FLOAT],
  }
  return largestProducts([[fixUp], [generation], [prompt]])
}
