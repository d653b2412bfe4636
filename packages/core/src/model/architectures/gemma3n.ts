import { attention, attentionOverCacheOf } from '../../graph/builder/attention.ts'
import {
  eachBlock,
  blockTensor,
  type GraphBuilder,
  missing,
  outputTensor,
  requiredTensor,
} from '../../graph/builder/builder.ts'
import { logits } from '../../graph/builder/head.ts'
import { buildNorm } from '../../graph/builder/norm.ts'
import { perLayerInputs, perLayerStep, slice } from '../../graph/builder/per-layer-embedding.ts'
import { headNorm, rotaryPositions } from '../../graph/builder/qkv.ts'
import { namedNorm } from '../../graph/builder/transformer.ts'
import {
  add,
  concat,
  cont,
  div,
  getRows,
  mean,
  mul,
  mulMat,
  permute,
  repeat4d,
  reshape,
  rmsNorm,
  scale,
  sqr,
  sqrt,
  sub,
  sumRows,
  transpose,
  unary,
  view3d,
} from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import { type Architecture, windowedExceptEvery } from './architecture.ts'

/** Fixed in src/models/gemma3n.cpp. */
const ALTUP_INPUTS = 4
const PER_LAYER_WIDTH = 256
const SPARSE_BLOCKS = 10
const KV_BLOCKS = 20
const F32_BYTES = 4

const magnitude = (x: GraphTensor): GraphTensor => sqrt(sumRows(sqr(x)))

const required = (b: GraphBuilder, name: string): GraphTensor => outputTensor(b, name) ?? missing(`${name}.weight`)

/** All streams but the first. */
function others(b: GraphBuilder, x: GraphTensor): GraphTensor {
  const size = b.model.embeddingLength * b.tokens * F32_BYTES
  return view3d(
    x,
    [b.model.embeddingLength, b.tokens, ALTUP_INPUTS - 1],
    [b.model.embeddingLength * F32_BYTES, size],
    size,
  )
}

const rescaled = (x: GraphTensor, target: GraphTensor): GraphTensor => div(mul(x, target), magnitude(x))

function expandStreams(b: GraphBuilder, x: GraphTensor): GraphTensor {
  const target = magnitude(x)
  const added = mulMat(required(b, 'altup_proj'), repeat4d(x, b.model.embeddingLength, b.tokens, ALTUP_INPUTS - 1, 1))
  return concat(x, rescaled(added, target), 2)
}

function mergeStreams(b: GraphBuilder, x: GraphTensor): GraphTensor {
  const target = magnitude(slice(x, 0))
  const projected = rescaled(mulMat(required(b, 'altup_unembd_proj'), others(b, x)), target)
  let sum = slice(x, 0)
  for (let stream = 0; stream < ALTUP_INPUTS - 1; stream++) sum = add(sum, slice(projected, stream))
  return scale(sum)
}

const modalities = (b: GraphBuilder, x: GraphTensor, il: number): GraphTensor =>
  unary(
    mulMat(requiredTensor(b, il, 'altup_router'), scale(namedNorm(b, x, il, { name: 'altup_router_norm' }))),
    'tanh',
  )

function predict(b: GraphBuilder, x: GraphTensor, il: number): GraphTensor {
  const coefficients = reshape(
    mulMat(requiredTensor(b, il, 'altup_predict_coef'), modalities(b, slice(x, 0), il)),
    ALTUP_INPUTS,
    ALTUP_INPUTS,
    b.tokens,
  )
  const predicted = mulMat(cont(permute(x, 1, 2, 0, 3)), coefficients)
  return add(cont(permute(predicted, 0, 2, 1, 3)), x)
}

function correct(b: GraphBuilder, predictions: GraphTensor, activated: GraphTensor, il: number): GraphTensor {
  const coefficients = scale(mulMat(requiredTensor(b, il, 'altup_correct_coef'), modalities(b, activated, il)))
  const innovation = repeat4d(sub(activated, slice(predictions, 0)), b.model.embeddingLength, b.tokens, ALTUP_INPUTS, 1)
  return add(mul(innovation, cont(transpose(coefficients), 1, b.tokens, ALTUP_INPUTS)), predictions)
}

function gemmaAttention(b: GraphBuilder, cur: GraphTensor, il: number): GraphTensor {
  const { model, tokens } = b
  const size = model.windowed[il] ? model.keyLengthSwa : model.keyLength
  const query = reshape(mulMat(requiredTensor(b, il, 'attn_q'), cur), size, model.headCount[il]!, tokens)
  const q = rotaryPositions(b, headNorm(b, query, il, 'attn_q_norm'))
  if (il >= model.kvBlockCount) return attentionOverCacheOf(b, model.kvBlockCount - (model.windowed[il] ? 2 : 1), q, il)
  const cut = (name: string): GraphTensor =>
    reshape(mulMat(requiredTensor(b, il, name), cur), size, model.headCountKv[il]!, tokens)
  const k = rotaryPositions(b, headNorm(b, cut('attn_k'), il, 'attn_k_norm'))
  return attention(b, { q, k, v: rmsNorm(cut('attn_v')) }, il)
}

/** Gaussian top-k: the gate keeps what lies above a threshold from its mean and deviation. */
function sparseGate(gate: GraphTensor): GraphTensor {
  const average = mean(gate)
  const deviation = sqrt(scale(sumRows(sqr(sub(gate, average)))))
  return unary(sub(gate, add(average, scale(deviation))), 'relu')
}

function feedForwardPart(b: GraphBuilder, cur: GraphTensor, il: number): GraphTensor {
  const up = mulMat(requiredTensor(b, il, 'ffn_up'), cur)
  const gate = mulMat(requiredTensor(b, il, 'ffn_gate'), cur)
  return mulMat(requiredTensor(b, il, 'ffn_down'), mul(up, unary(il < SPARSE_BLOCKS ? sparseGate(gate) : gate, 'gelu')))
}

function block(b: GraphBuilder, x: GraphTensor, perLayer: GraphTensor, il: number): GraphTensor {
  const predictions = predict(b, x, il)
  const active = slice(predictions, 0)
  const normed = namedNorm(b, active, il, { name: 'attn_norm' })
  const lowRank = mulMat(requiredTensor(b, il, 'laurel_r'), mulMat(requiredTensor(b, il, 'laurel_l'), normed))
  const laurel = add(buildNorm(b, lowRank, { weight: blockTensor(b, il, 'laurel_post_norm') }, il), normed)
  const attended = namedNorm(b, gemmaAttention(b, normed, il), il, { name: 'post_attention_norm' })
  const middle = scale(add(add(attended, active), laurel))
  const out = feedForwardPart(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il)
  const activated = add(namedNorm(b, out, il, { name: 'post_ffw_norm', unpinned: true }), middle)
  const corrected = correct(b, predictions, activated, il)
  const scaled = mul(slice(corrected, 0), requiredTensor(b, il, 'altup_correct_scale'))
  return concat(slice(corrected, 0), add(others(b, corrected), perLayerStep(b, scaled, perLayer, il)), 2)
}

/** src/models/gemma3n.cpp: four streams of activations, of which one is computed and three predicted. */
export const gemma3n: Architecture = {
  names: ['gemma3n'],
  windows: windowedExceptEvery(5),
  kvBlockCount: () => KV_BLOCKS,
  blockVariant: (_, il) => Number(il < SPARSE_BLOCKS),
  graph: (b, { cur }) => {
    const first = scale(cur)
    const perLayer = perLayerInputs(b, first, PER_LAYER_WIDTH)
    let x = expandStreams(b, first)
    for (const il of eachBlock(b)) x = block(b, x, perLayer, il)
    const hidden = buildNorm(
      b,
      getRows(mergeStreams(b, x), b.outputIds),
      { weight: outputTensor(b, 'output_norm') },
      -1,
    )
    hidden.output = true
    logits(b, hidden, { softcap: true })
  },
}
