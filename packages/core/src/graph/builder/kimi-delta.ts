import type { BlockContext } from '../../context/block-context.ts'
import type { ModelShape } from '../../model/model.ts'
import {
  add,
  concat,
  cont,
  cpy,
  mul,
  mulMat,
  reshape,
  rmsNorm,
  scale,
  transpose,
  unary,
  view3d,
} from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import type { Heads } from './attention.ts'
import { emit, type GraphBuilder, requiredTensor } from './builder.ts'
import { deltaRule } from './gated-delta-net.ts'
import { ssmConv } from './mamba.ts'
import { buildNorm } from './norm.ts'
import { readStates, type StateInputs, stateTensor } from './recurrent-state.ts'

/** Kimi's delta attention (KDA): q, k and v are convolved apart, and every channel decays at its own pace. */

const F32_BYTES = 4
/** q, k and v lie one behind the other in the convolution's state. */
const PARTS = 3

interface DeltaSizes {
  readonly heads: number
  readonly head: number
  readonly inner: number
  readonly convolution: number
}

function deltaSizes({ headCount, hyperparameter }: Pick<ModelShape, 'headCount' | 'hyperparameter'>): DeltaSizes {
  const heads = headCount[0]!
  const head = Number(hyperparameter('kda.head_dim') ?? 0)
  return { heads, head, inner: heads * head, convolution: Number(hyperparameter('ssm.conv_kernel') ?? 0) }
}

/** `n_embd_r` and `n_embd_s` where `n_embd_head_kda` is set. */
export function kimiDeltaContext(model: ModelShape): BlockContext {
  const { inner, head, convolution } = deltaSizes(model)
  return {
    kind: 'recurrent',
    convolutionState: PARTS * (convolution - 1) * inner,
    recurrentState: head * inner,
  }
}

/** The recurrent branch of src/models/bailingmoe3.cpp. */
export function kimiDelta(b: GraphBuilder, states: StateInputs, cur: GraphTensor, il: number): GraphTensor {
  const { heads, head, inner } = deltaSizes(b.model)
  const { tokens, sequences } = b
  const steps = tokens / sequences
  const { q, k, v } = convolvedParts(b, states, cur, il)
  const decay = reshape(channelDecay(b, cur, il), head, heads, steps, sequences)
  const beta = unary(reshape(mulMat(requiredTensor(b, il, 'ssm_beta'), cur), 1, heads, steps, sequences), 'sigmoid')
  const netState = stateTensor(b, 's', il, head * inner)
  const state = reshape(readStates(b, states, netState), head, head, heads, sequences)
  const unit = (x: GraphTensor): GraphTensor => scale(rmsNorm(x))
  const out = cont(deltaRule(b, netState, { q: unit(q), k: unit(k), v, decay, beta, state }))
  const gate = reshape(mulMat(requiredTensor(b, il, 'ssm_g_a'), cur), head, heads, tokens)
  const normed = buildNorm(b, reshape(out, head, heads, tokens), { weight: requiredTensor(b, il, 'ssm_norm') }, il)
  const opened = cont(mul(normed, unary(gate, 'sigmoid')), inner, tokens)
  return mulMat(requiredTensor(b, il, 'attn_output'), opened)
}

function channelDecay(b: GraphBuilder, cur: GraphTensor, il: number): GraphTensor {
  const { heads, head } = deltaSizes(b.model)
  const raw = add(mulMat(requiredTensor(b, il, 'ssm_f_a'), cur), requiredTensor(b, il, 'ssm_dt', 'bias'))
  const paces = reshape(requiredTensor(b, il, 'ssm_a', ''), 1, heads, 1)
  return scale(unary(mul(reshape(raw, head, heads, b.tokens), paces), 'sigmoid'))
}

/** Each part projected, put behind the columns it remembers, convolved and cut into heads; the last columns are stored. */
function convolvedParts(b: GraphBuilder, states: StateInputs, cur: GraphTensor, il: number): Heads {
  const { heads, head, inner, convolution } = deltaSizes(b.model)
  const { tokens, sequences } = b
  const [steps, past] = [tokens / sequences, convolution - 1]
  const width = past * inner
  const stored = stateTensor(b, 'r', il, PARTS * width)
  const before = readStates(b, states, stored)
  const strides = [past * F32_BYTES, PARTS * width * F32_BYTES] as const
  const part = (name: 'q' | 'k' | 'v', index: number): GraphTensor => {
    const own = (x: GraphTensor): GraphTensor => view3d(x, [past, inner, sequences], strides, index * width * F32_BYTES)
    const projected = reshape(mulMat(requiredTensor(b, il, `attn_${name}`), cur), inner, steps, sequences)
    const joined = concat(own(before), transpose(projected), 0)
    const last = view3d(joined, [past, inner, sequences], [joined.nb[1], joined.nb[2]], steps * joined.nb[0])
    emit(b, cpy(last, own(stored)))
    const kernel = reshape(requiredTensor(b, il, `ssm_conv1d_${name}`), convolution, inner)
    const convolved = reshape(ssmConv(joined, kernel), inner, tokens)
    return reshape(unary(convolved, 'silu'), head, heads, steps, sequences)
  }
  return { q: part('q', 0), k: part('k', 1), v: part('v', 2) }
}
