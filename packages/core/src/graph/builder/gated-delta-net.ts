import { ssmSizes } from '../../context/recurrent.ts'
import {
  add,
  cont,
  cpy,
  mul,
  mulMat,
  repeat4d,
  reshape,
  result,
  rmsNorm,
  scale,
  unary,
  view2d,
  view3d,
  view4d,
} from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import { attention } from './attention.ts'
import { emit, type GraphBuilder, requiredTensor } from './builder.ts'
import { ssmConv } from './mamba.ts'
import { flatQueryKeyValue, headNorm, rotaryPositions } from './qkv.ts'
import { readStates, type StateInputs, stateTensor, withPastColumns } from './recurrent-state.ts'
import { buildNorm } from './norm.ts'

/** Qwen3-Next packs beta and alpha in one matrix and repeats q and k; Qwen3.5 does neither. */
export type DeltaNetForm = 'qwen3next' | 'qwen35'

interface Block {
  readonly il: number
  readonly form: DeltaNetForm
}

const F32_BYTES = 4

interface Gates {
  readonly beta: GraphTensor
  readonly decay: GraphTensor
}

interface NetSizes {
  readonly keyHeads: number
  readonly valueHeads: number
  readonly keySize: number
  readonly valueSize: number
  readonly steps: number
}

/** `llm_build_delta_net_base` with the fused kernel (src/models/delta-net-base.cpp, qwen3next.cpp, qwen35.cpp). */
export function gatedDeltaNet(
  b: GraphBuilder,
  states: StateInputs,
  cur: GraphTensor,
  { il, form }: Block,
): GraphTensor {
  const { convolution, inner, state: keySize, timeStep: valueHeads, groups: keyHeads } = ssmSizes(b.model)
  const { sequences } = b
  const sizes: NetSizes = { keyHeads, valueHeads, keySize, valueSize: inner / valueHeads, steps: b.tokens / sequences }
  const { valueSize, steps } = sizes
  const product = mulMat(requiredTensor(b, il, 'attn_qkv'), cur)
  const mixed = reshape(product, product.ne[0], steps, sequences)
  const z = mulMat(requiredTensor(b, il, 'attn_gate'), cur)
  const gates = form === 'qwen3next' ? packedGates(b, cur, il, sizes) : separateGates(b, cur, il, sizes)
  const channels = inner + 2 * keyHeads * keySize
  const netState = stateTensor(b, 's', il, keySize * inner)
  const joined = withPastColumns(b, states, mixed, { il, past: convolution - 1, channels })
  const state = reshape(readStates(b, states, netState), valueSize, valueSize, valueHeads, sequences)
  const { q, k, v } = convolvedHeads(b, unary(ssmConv(joined, requiredTensor(b, il, 'ssm_conv1d')), 'silu'), {
    sizes,
    form,
  })
  const out = deltaRule(b, netState, { q, k, v, ...gates, state })
  const normed = buildNorm(b, out, { weight: requiredTensor(b, il, 'ssm_norm') }, il)
  const gated = mul(normed, unary(reshape(z, valueSize, valueHeads, steps, sequences), 'silu'))
  const projected = mulMat(requiredTensor(b, il, 'ssm_out'), reshape(gated, valueSize * valueHeads, steps, sequences))
  return reshape(projected, b.model.embeddingLength, steps * sequences)
}

export interface DeltaOperands extends Gates {
  readonly q: GraphTensor
  readonly k: GraphTensor
  readonly v: GraphTensor
  readonly state: GraphTensor
}

/** `build_recurrent_attn` with `build_delta_net_fused`: the outputs, with the new states behind them put into `netState`. */
export function deltaRule(b: GraphBuilder, netState: GraphTensor, operands: DeltaOperands): GraphTensor {
  const { q, k, v, decay, beta, state } = operands
  const [size, heads, steps, sequences] = v.ne
  const net = result(
    'GATED_DELTA_NET',
    'f32',
    [size * heads, (steps + size) * sequences],
    [q, k, v, decay, beta, state],
  )
  const row = size * F32_BYTES
  const out = view4d(net, v.ne, [row, row * heads, row * heads * steps])
  const square = row * size
  const newState = view4d(
    net,
    [size, size, heads, sequences],
    [row, square, square * heads],
    row * heads * steps * sequences,
  )
  emit(b, cpy(newState, view2d(netState, [netState.ne[0], sequences], netState.nb[1])))
  return out
}

const decayOf = (b: GraphBuilder, alpha: GraphTensor, il: number): GraphTensor =>
  mul(unary(add(alpha, requiredTensor(b, il, 'ssm_dt', 'bias')), 'softplus'), requiredTensor(b, il, 'ssm_a', ''))

function packedGates(b: GraphBuilder, cur: GraphTensor, il: number, { keyHeads, valueHeads, steps }: NetSizes): Gates {
  const perKey = valueHeads / keyHeads
  const both = reshape(mulMat(requiredTensor(b, il, 'ssm_ba'), cur), 2 * perKey, keyHeads, steps, b.sequences)
  const part = (offset: number): GraphTensor =>
    view4d(both, [perKey, keyHeads, steps, b.sequences], [both.nb[1], both.nb[2], both.nb[3]], offset)
  const beta = unary(cont(part(0)), 'sigmoid')
  const alpha = cont(part(perKey * F32_BYTES), valueHeads, steps, b.sequences)
  return {
    beta: reshape(beta, 1, valueHeads, steps, b.sequences),
    decay: reshape(decayOf(b, alpha, il), 1, valueHeads, steps, b.sequences),
  }
}

function separateGates(b: GraphBuilder, cur: GraphTensor, il: number, { valueHeads, steps }: NetSizes): Gates {
  const alpha = reshape(mulMat(requiredTensor(b, il, 'ssm_alpha'), cur), valueHeads, steps, b.sequences)
  return {
    beta: unary(reshape(mulMat(requiredTensor(b, il, 'ssm_beta'), cur), 1, valueHeads, steps, b.sequences), 'sigmoid'),
    decay: reshape(decayOf(b, alpha, il), 1, valueHeads, steps, b.sequences),
  }
}

function convolvedHeads(
  b: GraphBuilder,
  convolved: GraphTensor,
  { sizes, form }: { sizes: NetSizes; form: DeltaNetForm },
) {
  const { keyHeads, valueHeads, keySize, valueSize, steps } = sizes
  const row = (2 * keySize * keyHeads + valueSize * valueHeads) * F32_BYTES
  const part = (size: number, heads: number, offset: number): GraphTensor =>
    view4d(convolved, [size, heads, steps, b.sequences], [size * F32_BYTES, row, row * steps], offset * F32_BYTES)
  const v = part(valueSize, valueHeads, 2 * keySize * keyHeads)
  const q = scale(rmsNorm(part(keySize, keyHeads, 0)))
  const k = scale(rmsNorm(part(keySize, keyHeads, keySize * keyHeads)))
  if (form === 'qwen35' || keyHeads === valueHeads) return { q, k, v }
  const times = valueHeads / keyHeads
  const tokens = steps * b.sequences
  const repeated = (x: GraphTensor): GraphTensor =>
    reshape(
      repeat4d(reshape(x, keySize, 1, keyHeads, tokens), keySize, times, keyHeads, tokens),
      keySize,
      keyHeads * times,
      steps,
      b.sequences,
    )
  return { q: repeated(q), k: repeated(k), v }
}

/** Attention whose query matrix also yields a gate per element. */
export function gatedAttention(b: GraphBuilder, cur: GraphTensor, { il, form }: Block): GraphTensor {
  const { model, tokens } = b
  const [size, heads, headsKv] = [model.keyLength, model.headCount[il]!, model.headCountKv[il]!]
  const flat = flatQueryKeyValue(b, cur, il)
  const rowBytes = 2 * size * F32_BYTES
  const [query, gate] =
    form === 'qwen3next'
      ? halves(reshape(flat.q, size * 2, heads, tokens, 1), size, heads, tokens)
      : [
          view3d(flat.q, [size, heads, tokens], [rowBytes, rowBytes * heads]),
          view3d(flat.q, [size, heads, tokens], [rowBytes, rowBytes * heads], size * F32_BYTES),
        ]
  const q = rotaryPositions(b, headNorm(b, query, il, 'attn_q_norm'))
  const k = rotaryPositions(b, headNorm(b, reshape(flat.k, size, headsKv, tokens), il, 'attn_k_norm'))
  const attended = attention(b, { q, k, v: reshape(flat.v, size, headsKv, tokens) }, il, { output: null })
  const opened = mul(attended, unary(cont(gate, size * heads, tokens), 'sigmoid'))
  return mulMat(requiredTensor(b, il, 'attn_output'), opened)
}

function halves(both: GraphTensor, size: number, heads: number, tokens: number): readonly [GraphTensor, GraphTensor] {
  const part = (offset: number): GraphTensor =>
    view4d(both, [size, heads, tokens, 1], [both.nb[1], both.nb[2], both.nb[3]], offset)
  return [part(0), part(size * F32_BYTES)]
}
