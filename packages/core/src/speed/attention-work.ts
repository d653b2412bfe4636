import { type CacheTensor, cacheTensors } from '../context/cache-tensors.ts'
import { type ContextShape, contextShape } from '../context/shape.ts'
import { rowBytes } from '../header/ggml-type.ts'
import type { Model } from '../model/model.ts'
import { tokens } from '../units.ts'
import type { Pass } from './pass.ts'
import type { SpeedRun } from './run.ts'

export interface AttentionWork {
  readonly cacheBytes: number
  readonly scoreBytes: number
  readonly flops: number
}

/** Without flash attention every score is written by one product, read and written by the softmax, read by the other. */
const SCORE_TRIPS = 4

/** The cache as it is filled at this depth, one stream a slot: what the attention of a pass looks at. */
export function shapeAtDepth({ model, settings }: SpeedRun, { depth, slots }: Pass): ContextShape {
  const alone = { ...settings, contextLength: tokens(Math.max(1, Math.round(depth))), parallel: 1, kvUnified: true }
  return { ...contextShape(model, alone), streams: slots, sequences: slots }
}

/**
 * What a block's attention or state reads and computes in a pass. Each token meets the cells of its own slot: 2 operations
 * an element of K and of V for every query head that shares it. Keys of a latent are its values as well.
 */
export function attentionWork(
  il: number,
  { run, pass, shape }: { readonly run: SpeedRun; readonly pass: Pass; readonly shape: ContextShape },
): AttentionWork {
  const { model, settings } = run
  const heads = model.headCount[il]!
  const shared = heads / Math.max(1, model.headCountKv[il]!)
  const cache = cacheTensors(model.contexts[contextRead(model, il)]!, shape, settings, model)
  const isShared = cache.every(({ kind }) => kind !== 'v')
  let [cacheBytes, flops, cells] = [0, 0, 0]
  for (const tensor of cache) {
    cacheBytes += bytesOf(tensor) * TRIPS[tensor.kind]
    if (tensor.kind !== 'k' && tensor.kind !== 'v') continue
    const rows = tensor.rows / pass.slots
    cells = Math.max(cells, rows)
    flops += 2 * tensor.width * shared * rows * pass.tokens * (isShared ? 2 : 1)
  }
  return {
    cacheBytes,
    flops,
    scoreBytes: run.resolvedFlashAttention ? 0 : SCORE_TRIPS * 4 * heads * cells * pass.tokens,
  }
}

const bytesOf = ({ type, width, rows }: CacheTensor): number => rowBytes(type, width) * rows

/** States are read and written back for every token; an indexer's values nobody reads. */
const TRIPS = { k: 1, v: 1, indexer: 1, 'indexer-v': 0, r: 2, s: 2 } as const satisfies Record<
  CacheTensor['kind'],
  number
>

/** Whose cache a block reads: its own, or, where it owns none, the last block's of its kind that does (`kvBlockCount`). */
function contextRead(model: Model, il: number): number {
  if (il < model.kvBlockCount || model.contexts[il]!.kind !== 'none' || model.headCount[il] === 0) return il
  return model.kvBlockCount - (model.windowed[il] ? 2 : 1)
}
