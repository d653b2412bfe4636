import type { Exl2Linear, Exl2Model } from '../model.ts'
import { isExperts } from '../modules.ts'
import { exl3CacheWorkBytes } from './cache.ts'
import type { Exl3Module } from './modules.ts'
import type { Exl3Settings } from './settings.ts'

const HALF_BYTES = 2
const FLOAT_BYTES = 4
/** `AUTO_RECONSTRUCT_THRESHOLD`: longer passes turn a whole matrix into halves first. */
const RECONSTRUCT_ROWS = 144
/** `MAX_RECONSTRUCT_SLICE_N`: most outputs turned at once. */
const RECONSTRUCT_OUTPUTS = 32_768

/**
 * What a pass takes for one module beside weights and cache, in bytes, every tensor counted as if all of them lived at
 * once. ExLlamaV3 changes how it computes from version to version, so this is assumed, not proven.
 */
export function exl3ActivationBytes(model: Exl2Model, { kind, block }: Exl3Module, settings: Exl3Settings): number {
  const rows = settings.maxChunkSize
  const { hiddenSize } = model
  const stream = 2 * rows * hiddenSize * FLOAT_BYTES
  switch (kind) {
    case 'embedding':
      return 0
    case 'norm':
      return stream + rows * hiddenSize * HALF_BYTES
    case 'head': {
      const outputs = Math.max(...model.head.linears.map(({ outFeatures }) => outFeatures))
      const logits = Math.min(rows, settings.maxOutputSize) * outputs * FLOAT_BYTES * settings.maxOutputFactor
      return stream + logits + reconstructed(model.head.linears, settings.maxOutputSize)
    }
    case 'block':
      return stream + Math.max(attentionBytes(model, block!, settings), feedForwardBytes(model, block!, rows))
  }
}

function attentionBytes(model: Exl2Model, block: number, settings: Exl3Settings): number {
  const { hiddenSize, headCount, headDim, headCountKv } = model
  const rows = settings.maxChunkSize
  const states = rows * (2 * headCount + 2 * headCountKv[block]!) * headDim * HALF_BYTES
  const around = rows * hiddenSize * (HALF_BYTES + FLOAT_BYTES)
  const work = exl3CacheWorkBytes(model, settings, block)
  return states + around + work + reconstructed(model.blocks[block]!.attention.linears, rows)
}

function feedForwardBytes(model: Exl2Model, block: number, rows: number): number {
  const { hiddenSize, expertUsedCount } = model
  const part = model.blocks[block]!.feedForward
  const width = model.feedForwardLength[block]!
  // Of a mixture every row goes to its experts one by one, gathered and scattered again.
  const copies = isExperts(part) ? Math.max(1, expertUsedCount) : 1
  const states = rows * copies * hiddenSize * (HALF_BYTES + FLOAT_BYTES)
  const between = rows * copies * width * (2 * FLOAT_BYTES + HALF_BYTES)
  return states + between + reconstructed(part.linears, rows)
}

/** `reconstruct_hgemm`: the largest matrix in halves, and its input turned along. */
const reconstructed = (linears: readonly Exl2Linear[], rows: number): number =>
  rows <= RECONSTRUCT_ROWS
    ? 0
    : linears.reduce((most, { inFeatures, outFeatures }) => {
        const matrix = inFeatures * Math.min(outFeatures, RECONSTRUCT_OUTPUTS)
        return Math.max(most, (matrix + rows * inFeatures) * HALF_BYTES)
      }, 0)
