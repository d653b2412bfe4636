import { rowBytes, type GgmlType } from '../header/ggml-type.ts'
import { allocatedBytes } from '../memory/alignment.ts'
import { addTo, emptyTotals, type PlaceTotals } from '../memory/place-totals.ts'
import { HOST, type RunLayout } from '../memory/run-memory.ts'
import type { RunSettings } from '../memory/settings.ts'
import type { Model, ModelShape } from '../model/model.ts'
import type { BlockContext } from './block-context.ts'
import type { ContextShape } from './shape.ts'

/** One tensor of the context: `rows` rows of `width` elements. */
export interface CacheTensor {
  readonly kind: 'k' | 'v' | 'indexer' | 'r' | 's'
  readonly type: GgmlType
  readonly width: number
  readonly rows: number
}

/** `v_trans` of llama-kv-cache.cpp: decided by the request, before `auto` is resolved. */
export const valuesTransposed = (settings: RunSettings): boolean => settings.flashAttention === 'off'

/** `n_embd_v_gqa_max`: transposed values are padded to the widest block's. */
export const widestValue = (model: ModelShape): number => {
  let widest = 0
  for (let il = 0; il < model.blockCount; il++) {
    widest = Math.max(widest, model.headCountKv[il]! * (model.windowed[il] ? model.valueLengthSwa : model.valueLength))
  }
  return widest
}

/** Mirrors the constructors of `llama_kv_cache`, `llama_kv_cache_dsa` and `llama_memory_recurrent`. Exact. */
export function cacheTensors(
  context: BlockContext,
  shape: ContextShape,
  settings: RunSettings,
  model: Model,
): readonly CacheTensor[] {
  if (context.kind === 'none') return []
  if (context.kind === 'recurrent') {
    return [
      { kind: 'r', type: 'f32', width: context.convolutionState, rows: shape.sequences },
      { kind: 's', type: 'f32', width: context.recurrentState, rows: shape.sequences },
    ]
  }
  if (context.kind === 'latent') {
    const rows = shape.contextPerSequence * shape.streams
    const latent = { kind: 'k', type: settings.cacheTypeK, width: context.latentWidth, rows } as const
    if (context.indexerWidth === 0) return [latent]
    return [latent, { kind: 'indexer', type: settings.cacheTypeK, width: context.indexerWidth, rows }]
  }
  const rows = (context.windowed ? shape.windowCells : shape.contextPerSequence) * shape.streams
  const valueWidth = valuesTransposed(settings) ? widestValue(model) : context.valueWidth
  return [
    { kind: 'k', type: settings.cacheTypeK, width: context.keyWidth, rows },
    { kind: 'v', type: settings.cacheTypeV, width: valueWidth, rows },
  ]
}

/** What one tensor of the context takes in a device's or the host's buffer. Exact. */
export const cacheTensorBytes = ({ type, width, rows }: CacheTensor, onDevice: boolean): number =>
  allocatedBytes(rowBytes(type, width) * rows, type, width, onDevice)

/** Bytes of context per place. Exact. */
export function contextTotals(
  model: Model,
  settings: RunSettings,
  shape: ContextShape,
  layout: RunLayout,
): PlaceTotals {
  const totals = emptyTotals(layout.deviceCount)
  for (let il = 0; il < model.runBlockCount; il++) {
    const place = settings.offloadKqv ? layout.layers[il]! : HOST
    for (const tensor of cacheTensors(model.contexts[il]!, shape, settings, model)) {
      addTo(totals, place, cacheTensorBytes(tensor, place !== HOST))
    }
  }
  return totals
}
