import type { GraphTensor } from '../tensor.ts'
import { attendHeads, type Heads, outputProjection } from './attention.ts'
import { emit, type GraphBuilder } from './builder.ts'

/** Attention of a batch over itself alone: `build_attn` with `llm_graph_input_attn_no_cache` (llama-graph.cpp). */
export function attentionWithoutCache(b: GraphBuilder, { q, k, v }: Heads, il: number): GraphTensor {
  for (const tensor of [q, k, v]) emit(b, tensor)
  return outputProjection(b, attendHeads(b, { q, k, v, mask: b.baseInputs.mask, il }, {}), il, undefined)
}
