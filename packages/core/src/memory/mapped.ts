import { tensorBytes } from '../header/header.ts'
import type { Model } from '../model/model.ts'
import { bytes, type Bytes, GIB, padTo } from '../units.ts'
import { placeLookup } from './overrides.ts'
import { HOST, type RunLayout } from './run-memory.ts'
import { placesOf } from './weights.ts'

/** `GGUF_DEFAULT_ALIGNMENT`. */
const DEFAULT_ALIGNMENT = 32

/** Tables read row by row (`TENSOR_READ_LAZY`) have a mapping of their own once they pass 4 GiB (`lazy_read::add`). */
const LAZY_MIN = 4 * GIB

/**
 * What llama.cpp prints as `CPU_Mapped`: the stretch of the file from the first to the last tensor that stays on the host
 * (`llama_model_loader::get_mapping_range`). Address space, not RAM: with experts on the host it can be nearly the whole
 * file although most of its pages are never touched. Exact for one file; an upper bound for a split one, whose shards are
 * mapped one by one.
 */
export function mappedBytes(model: Model, layout: RunLayout): Bytes {
  const override = placeLookup(model, layout.overrides)
  const alignment = model.alignment ?? DEFAULT_ALIGNMENT
  let [offset, first, last, lazy] = [0, Infinity, 0, 0]
  for (const tensor of model.tensors.values()) {
    const size = tensorBytes(tensor)
    if (model.lazyTensors.includes(tensor.name) && size > LAZY_MIN) lazy += size
    else if (placesOf(tensor, model, layout).some((place) => override(tensor.name, place) === HOST)) {
      first = Math.min(first, offset)
      last = offset + size
    }
    offset += padTo(size, alignment)
  }
  return bytes(Math.max(0, last - first) + lazy)
}
