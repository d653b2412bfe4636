import { attention, attentionOverCacheOf } from '../../graph/builder/attention.ts'
import {
  eachBlock,
  blockTensor,
  firstBlockTensor,
  type GraphBuilder,
  requiredTensor,
  ropeFactors,
} from '../../graph/builder/builder.ts'
import { experts } from '../../graph/builder/experts.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { outputHeadKeepingHidden } from '../../graph/builder/head.ts'
import { perLayerInputs, perLayerStep } from '../../graph/builder/per-layer-embedding.ts'
import { headNorm, rotaryPositions } from '../../graph/builder/qkv.ts'
import { namedNorm } from '../../graph/builder/transformer.ts'
import { add, mul, mulMat, reshape, rmsNorm, scale } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import { type Architecture, windowedAsPatterned } from './architecture.ts'

/** Windowed and full blocks have heads of their own size; the last blocks read an earlier block's cache. */
function gemmaAttention(b: GraphBuilder, cur: GraphTensor, il: number): GraphTensor {
  const { model, tokens } = b
  const size = model.windowed[il] ? model.keyLengthSwa : model.keyLength
  const factors = model.windowed[il] ? undefined : ropeFactors(b, il)
  const query = reshape(mulMat(requiredTensor(b, il, 'attn_q'), cur), size, model.headCount[il]!, tokens)
  const q = rotaryPositions(b, headNorm(b, query, il, 'attn_q_norm'), factors)
  if (il >= model.kvBlockCount) return attentionOverCacheOf(b, model.kvBlockCount - (model.windowed[il] ? 2 : 1), q, il)
  const headsKv = model.headCountKv[il]!
  const keys = mulMat(requiredTensor(b, il, 'attn_k'), cur)
  const valueMatrix = blockTensor(b, il, 'attn_v')
  const values = valueMatrix ? mulMat(valueMatrix, cur) : keys
  const k = rotaryPositions(b, headNorm(b, reshape(keys, size, headsKv, tokens), il, 'attn_k_norm'), factors)
  return attention(b, { q, k, v: rmsNorm(reshape(values, size, headsKv, tokens)) }, il)
}

/** A dense part and routed experts side by side, each between norms of its own. */
function mixture(b: GraphBuilder, cur: GraphTensor, il: number): GraphTensor {
  const dense = feedForward(b, namedNorm(b, cur, il, { name: 'ffn_norm' }), il, { activation: 'gelu' })
  const first = namedNorm(b, dense, il, { name: 'post_ffw_norm_1' })
  const routerInput = mul(scale(rmsNorm(cur)), requiredTensor(b, il, 'ffn_gate_inp', 'scale'))
  const logits = mulMat(requiredTensor(b, il, 'ffn_gate_inp'), routerInput)
  const input = namedNorm(b, cur, il, { name: 'pre_ffw_norm_2' })
  const routed = experts(b, input, il, { gating: 'softmax', normaliseWeights: true, logits, weightsScale: 1 })
  return add(first, namedNorm(b, routed, il, { name: 'post_ffw_norm_2' }))
}

function feedForwardPart(b: GraphBuilder, cur: GraphTensor, il: number): GraphTensor {
  const out = blockTensor(b, il, 'ffn_gate_inp')
    ? mixture(b, cur, il)
    : feedForward(b, namedNorm(b, cur, il, { name: 'ffn_norm' }), il, { activation: 'gelu' })
  return add(namedNorm(b, out, il, { name: 'post_ffw_norm', unpinned: true }), cur)
}

/** src/models/gemma4.cpp. */
export const gemma4: Architecture = {
  names: ['gemma4'],
  lazyTensors: ['per_layer_token_embd.weight'],
  windows: windowedAsPatterned,
  kvBlockCount: (facts, blockCount) => blockCount - (facts.number('attention.shared_kv_layers') ?? 0),
  usesRopeFactors: (model, il) => !model.windowed[il],
  graph: (b, { cur }) => {
    let x = scale(cur)
    const width = Number(b.model.hyperparameter('embedding_length_per_layer_input') ?? 0)
    const perLayer = firstBlockTensor(b, 'per_layer_model_proj') ? perLayerInputs(b, x, width) : undefined
    for (const il of eachBlock(b)) {
      const attended = gemmaAttention(b, namedNorm(b, x, il, { name: 'attn_norm' }), il)
      const middle = add(namedNorm(b, attended, il, { name: 'post_attention_norm' }), x)
      x = feedForwardPart(b, middle, il)
      if (perLayer) x = add(x, perLayerStep(b, x, perLayer, il))
      const outScale = blockTensor(b, il, 'layer_output_scale')
      if (outScale) x = mul(x, outScale)
    }
    outputHeadKeepingHidden(b, x, { softcap: Boolean(b.model.hyperparameter('final_logit_softcapping')) })
  },
}
