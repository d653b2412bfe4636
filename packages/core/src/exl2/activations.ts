import { mebibytes } from '../units.ts'
import type { Exl2Model } from './model.ts'
import { type Exl2Module, paddedOutputs } from './modules.ts'
import { attentionWeights } from './scratch.ts'
import type { Exl2Settings } from './settings.ts'

const HALF_BYTES = 2
const FLOAT_BYTES = 4
const LONG_BYTES = 8

/** cuBLAS' workspace as PyTorch asks for it: 8.1 MiB a handle, 32 MiB from compute capability 9 on. */
export const CUBLAS_WORKSPACE = mebibytes(32)

/**
 * What a pass over `rows` tokens takes for one module beside its weights, cache and scratch buffer, in bytes. An upper
 * bound, from the tensors that the module's `forward` makes (exllamav2/attn.py, moe_mlp.py, rmsnorm.py, linear.py): every
 * one counted as if all of them lived at once. Without flash-attn, attention is bound by ExLlama's own provision for it.
 */
export function activationBytes(
  model: Exl2Model,
  module: Exl2Module,
  { settings, rows }: { readonly settings: Exl2Settings; readonly rows: number },
): number {
  const { hiddenSize, residualElementBytes } = model
  const stream = rows * hiddenSize * residualElementBytes
  // What arrives, and its copy: a state that changes device, or is kept to be tried again.
  return 2 * stream + ownBytes(model, module, { settings, rows })
}

function ownBytes(
  model: Exl2Model,
  { kind, block }: Exl2Module,
  { settings, rows }: { readonly settings: Exl2Settings; readonly rows: number },
): number {
  const { hiddenSize } = model
  switch (kind) {
    case 'embedding':
    // A plain feed-forward works in the scratch buffer alone.
    case 'feed-forward':
      return 0
    case 'norm':
      return rows * hiddenSize * HALF_BYTES
    case 'attention':
      return attentionBytes(model, settings, { rows, keyHeads: model.headCountKv[block!]! })
    case 'parallel': {
      const states = 2 * rows * hiddenSize * HALF_BYTES
      return states + attentionBytes(model, settings, { rows, keyHeads: model.headCountKv[block!]! })
    }
    case 'experts':
      return expertsBytes(model, { rows, width: model.feedForwardLength[block!]! })
    case 'head':
      return logitsBytes(model, settings, rows)
  }
}

function attentionBytes(
  { headCount, headDim }: Exl2Model,
  settings: Exl2Settings,
  { rows, keyHeads }: { readonly rows: number; readonly keyHeads: number },
): number {
  // Queries and what comes of them, keys, values; flash-attn keeps a sum per head besides.
  const states = rows * (2 * headCount + 2 * keyHeads) * headDim * HALF_BYTES + rows * headCount * FLOAT_BYTES
  if (settings.flashAttention) return states
  const repeated =
    keyHeads === headCount ? 0 : 2 * settings.maxSeqLen * settings.maxBatchSize * headCount * headDim * HALF_BYTES
  return states + repeated + attentionWeights({ headCount }, settings)
}

/** `ExLlamaV2MoEMLP.forward_torch`, which runs whenever a pass has more than four tokens; all may choose one expert. */
function expertsBytes(
  { hiddenSize, expertCount, expertUsedCount }: Exl2Model,
  { rows, width }: { readonly rows: number; readonly width: number },
): number {
  const states = 5 * rows * hiddenSize * HALF_BYTES
  const between = 3 * rows * width * HALF_BYTES
  const router = rows * expertCount * (HALF_BYTES + 2 * FLOAT_BYTES + 2 * expertUsedCount * LONG_BYTES)
  return states + between + router
}

/** Logits in halves, and in floats for the sampler (`ExLlamaV2DynamicGenerator`). */
function logitsBytes({ head }: Exl2Model, { maxOutputLen }: Exl2Settings, rows: number): number {
  const outputs = Math.max(...head.linears.map(paddedOutputs))
  return Math.min(rows, maxOutputLen ?? rows) * outputs * (HALF_BYTES + FLOAT_BYTES)
}
