import { type Bytes, bytes } from '../../units.ts'
import type { Exl2Model } from '../model.ts'
import type { Exl3Settings } from './settings.ts'

const HALF_BYTES = 2
const INT_BYTES = 4
const ELEMENTS_A_GROUP = 32

type Shape = Pick<Exl2Model, 'headCountKv' | 'headDim'>

/**
 * The tensors of one block's cache: `alloc` of exllamav3/cache/fp16.py and quant.py. Exact for attention over the whole
 * context. A quantized one holds, for every 32 elements of a token, as many 32-bit words as it has bits, and a half.
 * Blocks with a window, which newer versions keep in rings of their own, are counted in full: an upper bound.
 */
export function exl3CacheTensors(
  { headCountKv, headDim }: Shape,
  settings: Exl3Settings,
  block: number,
): readonly Bytes[] {
  const { cacheTokens, cacheBits } = settings
  const width = headCountKv[block]! * headDim
  if (width === 0) return []
  if (cacheBits === undefined) {
    const each = bytes(cacheTokens * width * HALF_BYTES)
    return [each, each]
  }
  const groups = cacheTokens * Math.floor(width / ELEMENTS_A_GROUP)
  const scales = bytes(groups * HALF_BYTES)
  return [bytes(groups * cacheBits.keys * INT_BYTES), bytes(groups * cacheBits.values * INT_BYTES), scales, scales]
}

/** A block's keys and values in halves, which a quantized cache is turned into for a pass (`get_kv_alloc_placeholder`). */
export const exl3CacheWorkBytes = ({ headCountKv, headDim }: Shape, settings: Exl3Settings, block: number): Bytes =>
  bytes(settings.cacheBits === undefined ? 0 : 2 * settings.cacheTokens * headCountKv[block]! * headDim * HALF_BYTES)
