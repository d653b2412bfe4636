import type { ModelShape } from '../model/model.ts'
import { type BlockContext, NO_CONTEXT } from './block-context.ts'

/** Plain attention: `n_embd_k_gqa(il)` and `n_embd_v_gqa(il)` elements a cell, in the window's cache where windowed. */
export function attentionContext(model: ModelShape, il: number): BlockContext {
  const heads = model.headCountKv[il]!
  if (il >= model.kvBlockCount || heads === 0) return NO_CONTEXT
  const windowed = model.windowed[il]!
  return {
    kind: 'attention',
    keyWidth: heads * (windowed ? model.keyLengthSwa : model.keyLength),
    valueWidth: heads * (windowed ? model.valueLengthSwa : model.valueLength),
    windowed,
  }
}
