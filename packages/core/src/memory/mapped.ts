import { tensorBytes } from '../header/header.ts'
import type { Model } from '../model/model.ts'
import { bytes, type Bytes, GIB, padTo } from '../units.ts'
import { overrideLookup } from './overrides.ts'
import { HOST, type RunLayout } from './run-memory.ts'
import { placesOf } from './weights.ts'

/** `GGUF_DEFAULT_ALIGNMENT`. */
const DEFAULT_ALIGNMENT = 32

/** Tables read row by row (`TENSOR_READ_LAZY`) have a mapping of their own once they pass 4 GiB (`lazy_read::add`). */
const LAZY_MIN = 4 * GIB

/**
 * What llama.cpp prints as `CPU_Mapped`: the stretch of the file from the first to the last tensor that stays on the host
 * (`llama_model_loader::get_mapping_range`). Address space, not RAM: with experts on the host it can be nearly the whole
 * file although most of its pages are never touched. Exact for tensors laid out in header order, file by file.
 */
export function mappedBytes(model: Model, layout: RunLayout): Bytes {
  const override = overrideLookup(layout.overrides)
  const alignment = model.alignment ?? DEFAULT_ALIGNMENT
  const ranges = new Map<number, { offset: number; first: number; last: number }>()
  let lazy = 0
  for (const tensor of model.tensors.values()) {
    const range = ranges.get(tensor.shard ?? 0) ?? { offset: 0, first: Infinity, last: 0 }
    const size = tensorBytes(tensor)
    const isLazy = model.lazyTensors.includes(tensor.name) && size > LAZY_MIN
    if (isLazy) lazy += size
    else if (placesOf(tensor, model, layout).some((place) => override(tensor.name, place) === HOST)) {
      range.first = Math.min(range.first, range.offset)
      range.last = range.offset + size
    }
    range.offset += padTo(size, alignment)
    ranges.set(tensor.shard ?? 0, range)
  }
  return bytes([...ranges.values()].reduce((sum, { first, last }) => sum + Math.max(0, last - first), lazy))
}
