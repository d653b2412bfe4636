import { type Bytes, bytes } from '../units.ts'
import type { Exl2Model } from './model.ts'
import type { Exl2CacheMode, Exl2Settings } from './settings.ts'

/** How a cache class stores a key and a value: `ExLlamaV2CacheBase.__init__` with what each class hands it. */
interface CacheForm {
  readonly elementBytes: 1 | 2
  /** `weights_per_element_k` and `_v`: elements packed into one stored number. */
  readonly packedKeys: 1 | 2
  readonly packedValues: 1 | 2
  /** A half per 32 elements (`shape_s`). */
  readonly scales: boolean
  /** Keys and values of one block in halves, to work on (`touch_device`). */
  readonly unpacked: boolean
}

const forms = {
  FP16: { elementBytes: 2, packedKeys: 1, packedValues: 1, scales: false, unpacked: false },
  FP8: { elementBytes: 1, packedKeys: 1, packedValues: 1, scales: false, unpacked: true },
  Q8: { elementBytes: 1, packedKeys: 1, packedValues: 1, scales: true, unpacked: true },
  Q6: { elementBytes: 1, packedKeys: 1, packedValues: 2, scales: true, unpacked: true },
  Q4: { elementBytes: 1, packedKeys: 2, packedValues: 2, scales: true, unpacked: true },
} as const satisfies Record<Exl2CacheMode, CacheForm>

const HALF_BYTES = 2
const ELEMENTS_A_SCALE = 32

type Shape = Pick<Exl2Model, 'headCountKv' | 'headDim'>

/**
 * The tensors that hold one block's keys and values, each with its bytes: `create_state_tensors` and
 * `update_cache_tensors` of exllamav2/cache.py. Exact. The class rounds `max_seq_len` up to whole blocks of 512
 * elements only after it has taken the shapes, so nothing is padded.
 */
export function exl2CacheTensors(
  { headCountKv, headDim }: Shape,
  settings: Exl2Settings,
  block: number,
): readonly Bytes[] {
  const form = forms[settings.cacheMode]
  const rows = settings.cacheBatchSize * settings.cacheTokens * headCountKv[block]!
  const scale = bytes(rows * Math.floor(headDim / ELEMENTS_A_SCALE) * HALF_BYTES)
  return [
    bytes(rows * Math.floor(headDim / form.packedKeys) * form.elementBytes),
    bytes(rows * Math.floor(headDim / form.packedValues) * form.elementBytes),
    ...(form.scales ? [scale, scale] : []),
  ]
}

/**
 * What a device that holds any block's cache keeps besides: keys and values of the widest block in halves
 * (`touch_device`, `shape_basic`). Nothing for FP16. Exact.
 */
export function exl2CacheWorkTensors({ headCountKv, headDim }: Shape, settings: Exl2Settings): readonly Bytes[] {
  if (!forms[settings.cacheMode].unpacked) return []
  const rows = settings.cacheBatchSize * settings.cacheTokens * Math.max(...headCountKv)
  const each = bytes(rows * headDim * HALF_BYTES)
  return [each, each]
}
