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
  readonly kind: 'k' | 'v' | 'indexer' | 'indexer-v' | 'r' | 's'
  readonly type: GgmlType
  readonly width: number
  readonly rows: number
}

/** `v_trans` of llama-kv-cache.cpp: decided by the request, before `auto` is resolved. */
export const valuesTransposed = (settings: RunSettings, model: Pick<Model, 'withoutFlashAttention'>): boolean =>
  settings.flashAttention === 'off' || model.withoutFlashAttention

/** `n_embd_v_gqa_max`: transposed values are padded to the widest block's. */
export const widestValue = (model: ModelShape): number => {
  let widest = 0
  for (let il = 0; il < model.blockCount; il++) {
    widest = Math.max(widest, model.headCountKv[il]! * (model.windowed[il] ? model.valueLengthSwa : model.valueLength))
  }
  return widest
}

/** Mirrors the constructors of `llama_kv_cache`, `llama_kv_cache_dsa`, `llama_kv_cache_msa` and `llama_memory_recurrent`. Exact. */
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
  const rows = (context.windowed ? shape.windowCells : shape.contextPerSequence) * shape.streams
  if (context.kind === 'latent') {
    const latent = { kind: 'k', type: settings.cacheTypeK, width: context.latentWidth, rows } as const
    if (context.indexerWidth === 0) return [latent]
    return [latent, { kind: 'indexer', type: settings.cacheTypeK, width: context.indexerWidth, rows }]
  }
  const valueWidth = valuesTransposed(settings, model) ? widestValue(model) : context.valueWidth
  const { indexer } = context
  return [
    { kind: 'k', type: settings.cacheTypeK, width: context.keyWidth, rows },
    { kind: 'v', type: settings.cacheTypeV, width: valueWidth, rows },
    ...(indexer
      ? [
          { kind: 'indexer', type: settings.cacheTypeK, width: indexer.keyWidth, rows } as const,
          { kind: 'indexer-v', type: settings.cacheTypeV, width: indexer.valueWidth, rows } as const,
        ]
      : []),
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
  for (let il = 0; il < model.contexts.length; il++) {
    const place = settings.offloadKqv ? layout.layers[il]! : HOST
    for (const tensor of cacheTensors(model.contexts[il]!, shape, settings, model)) {
      addTo(totals, place, cacheTensorBytes(tensor, place !== HOST))
    }
  }
  return totals
}
