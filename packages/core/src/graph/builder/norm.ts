import { add, mul, norm, rmsNorm } from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import { type GraphBuilder, layerBackend } from './builder.ts'

export type NormKind = 'rms' | 'layer'

export interface NormWeights {
  readonly weight?: GraphTensor | undefined
  readonly bias?: GraphTensor | undefined
}

/** Batches below this size keep their norms on the layer's device even with partial offload (`graph_get_cb`). */
const PIN_BATCH_MAX = 32

/**
 * `llm_graph_context::build_norm`. `il` is -1 for norms that llama.cpp names without a layer; the others are pinned to
 * their layer's backend by `llama_context::graph_get_cb`, or the boundary norm would run on the device before.
 */
export function buildNorm(
  b: GraphBuilder,
  cur: GraphTensor,
  { weight, bias }: NormWeights,
  il: number,
  kind: NormKind = 'rms',
): GraphTensor {
  let x = kind === 'rms' ? rmsNorm(cur) : norm(cur)
  const pinned = (weight !== undefined || bias !== undefined) && il >= 0 && b.normPinning
  if (pinned && (b.tokens < PIN_BATCH_MAX || b.fullOffload)) x.backend = layerBackend(b, il)
  if (weight) x = mul(x, weight)
  return bias ? add(x, bias) : x
}
