import {
  eachBlock,
  blockTensor,
  emit,
  firstBlockTensor,
  type GraphBuilder,
  requiredTensor,
} from '../../graph/builder/builder.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { buildNorm } from '../../graph/builder/norm.ts'
import { readStates, type StateInputs, stateInputs, stateTensor } from '../../graph/builder/recurrent-state.ts'
import { namedNorm } from '../../graph/builder/transformer.ts'
import {
  add,
  concat,
  cpy,
  l2Norm,
  mul,
  mulMat,
  norm,
  repeat4d,
  reshape,
  result,
  scale,
  sqr,
  sub,
  sumRows,
  unary,
  view1d,
  view2d,
  view3d,
} from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { Architecture } from './architecture.ts'

const F32_BYTES = 4

interface Sizes {
  readonly width: number
  readonly headSize: number
  readonly heads: number
  readonly steps: number
}

const sizesOf = (b: GraphBuilder): Sizes => {
  const width = b.model.embeddingLength
  const headSize = Number(b.model.hyperparameter('wkv.head_size'))
  return { width, headSize, heads: width / headSize, steps: b.tokens / b.sequences }
}

interface BlockState {
  readonly shifts: GraphTensor
  readonly wkv: GraphTensor
  readonly attentionShift: GraphTensor
  readonly feedForwardShift: GraphTensor
}

function blockState(b: GraphBuilder, states: StateInputs, il: number): BlockState {
  const { width, headSize } = sizesOf(b)
  const shifts = stateTensor(b, 'r', il, 2 * width)
  const both = reshape(readStates(b, states, shifts), width, 2, b.sequences)
  const shift = (offset: number): GraphTensor => view3d(both, [width, 1, b.sequences], [both.nb[1], both.nb[2]], offset)
  return {
    shifts,
    wkv: stateTensor(b, 's', il, width * headSize),
    attentionShift: shift(0),
    feedForwardShift: shift(width * F32_BYTES),
  }
}

/** Every token beside the one before it. */
const shifted = (b: GraphBuilder, past: GraphTensor, x: GraphTensor): GraphTensor => {
  const { width, steps } = sizesOf(b)
  return concat(past, view3d(x, [width, steps - 1, b.sequences], [x.nb[1], x.nb[2]]), 1)
}

/** A low-rank path: two matrices with a function between, and an offset behind. */
function lowRank(b: GraphBuilder, x: GraphTensor, il: number, letter: string, between?: string): GraphTensor {
  const down = mulMat(requiredTensor(b, il, `time_mix_${letter}1`), x)
  const up = mulMat(requiredTensor(b, il, `time_mix_${letter}2`), between ? unary(down, between) : down)
  const offset = blockTensor(b, il, `time_mix_${letter}0`)
  return offset ? add(up, offset) : up
}

interface TimeMix {
  readonly out: GraphTensor
  readonly firstValue: GraphTensor
}

/** `build_rwkv7_time_mix` (src/models/rwkv7-base.cpp, llama.cpp 0.5.0-dev). */
function timeMix(
  b: GraphBuilder,
  states: StateInputs,
  x: GraphTensor,
  { state, il, first }: { state: BlockState; il: number; first: GraphTensor | undefined },
): TimeMix {
  const { width, headSize, heads, steps } = sizesOf(b)
  const gated = blockTensor(b, il, 'time_mix_g1') !== undefined
  const w = (name: string): GraphTensor => requiredTensor(b, il, name)
  const difference = repeat4d(sub(shifted(b, state.attentionShift, x), x), width, steps, b.sequences, gated ? 6 : 5)
  const mixed = add(mul(difference, w('time_mix_lerp_fused')), x)
  const part = (index: number): GraphTensor =>
    view2d(mixed, [width, b.tokens], mixed.nb[1], width * b.tokens * index * F32_BYTES)
  const [xr, xw, xk, xv, xa] = [part(0), part(1), part(2), part(3), part(4)] as const
  const gate = gated ? lowRank(b, part(5), il, 'g', 'sigmoid') : undefined
  const receptance = mulMat(w('time_mix_receptance'), xr)
  const decay = unary(scale(unary(lowRank(b, xw, il, 'w', 'tanh'), 'sigmoid')), 'exp')
  const plainKey = mulMat(w('time_mix_key'), xk)
  const plainValue = mulMat(w('time_mix_value'), xv)
  const value = first
    ? add(plainValue, mul(sub(first, plainValue), unary(lowRank(b, xv, il, 'v'), 'sigmoid')))
    : plainValue
  const rate = unary(lowRank(b, xa, il, 'a'), 'sigmoid')
  const removal = l2Norm(reshape(mul(plainKey, w('time_mix_k_k')), headSize, heads, b.tokens))
  const keyed = mul(plainKey, w('time_mix_k_a'))
  const key = add(plainKey, sub(mul(rate, keyed), keyed))
  const cut = (t: GraphTensor): GraphTensor => reshape(t, headSize, heads, b.tokens)
  const [r, d, k, v, a] = [cut(receptance), cut(decay), cut(key), cut(value), cut(rate)] as const
  const past = readStates(b, states, state.wkv)
  const wkv = result(
    'RWKV_WKV7',
    'f32',
    [width, b.tokens + headSize * b.sequences],
    [r, d, k, v, unary(removal, 'neg'), mul(removal, a), past],
  )
  const elements = width * headSize * b.sequences
  emit(b, cpy(view1d(wkv, elements, width * b.tokens * F32_BYTES), view1d(state.wkv, elements)))
  const normed = groupNorm(b, view1d(wkv, width * b.tokens), il)
  const bonus = sumRows(mul(mul(k, r), reshape(w('time_mix_r_k'), headSize, heads)))
  const summed = add(normed, reshape(mul(v, bonus), width, b.tokens))
  const opened = gate ? mul(summed, gate) : summed
  return {
    out: reshape(mulMat(w('time_mix_output'), opened), width, steps, b.sequences),
    firstValue: first ?? plainValue,
  }
}

function groupNorm(b: GraphBuilder, x: GraphTensor, il: number): GraphTensor {
  const { width, heads } = sizesOf(b)
  const weight = blockTensor(b, il, 'time_mix_ln')
  if (!weight) return reshape(x, width, b.tokens)
  const normed = reshape(norm(reshape(x, width / heads, heads, b.tokens)), width, b.tokens)
  return add(mul(normed, weight), requiredTensor(b, il, 'time_mix_ln', 'bias'))
}

/** The last token of each sequence, before and after attention, is what the next batch shifts in. */
function keepShifts(b: GraphBuilder, state: BlockState, before: GraphTensor, after: GraphTensor): void {
  const { width, steps } = sizesOf(b)
  const last = (x: GraphTensor): GraphTensor =>
    view3d(x, [width, 1, b.sequences], [x.nb[1], x.nb[2]], (steps - 1) * width * F32_BYTES)
  const elements = 2 * width * b.sequences
  emit(b, cpy(view1d(concat(last(before), last(after), 1), elements), view1d(state.shifts, elements)))
}

function channelMix(b: GraphBuilder, x: GraphTensor, previous: GraphTensor, il: number): GraphTensor {
  const mixed = add(mul(sub(previous, x), requiredTensor(b, il, 'channel_mix_lerp_k')), x)
  const key = sqr(unary(mulMat(requiredTensor(b, il, 'channel_mix_key'), mixed), 'relu'))
  return mulMat(requiredTensor(b, il, 'channel_mix_value'), key)
}

export const rwkv7: Architecture = {
  names: ['rwkv7'],
  blockContext: (model) => ({
    kind: 'recurrent',
    convolutionState: 2 * model.embeddingLength,
    recurrentState: model.embeddingLength * Number(model.hyperparameter('wkv.head_size') ?? 0),
  }),
  graph: (b, { cur }) => {
    const states = stateInputs(b)
    const { width, steps } = sizesOf(b)
    const weights = {
      weight: firstBlockTensor(b, 'token_embd_norm'),
      bias: firstBlockTensor(b, 'token_embd_norm', 'bias'),
    }
    let x = buildNorm(b, cur, weights, 0, 'layer')
    let first: GraphTensor | undefined
    for (const il of eachBlock(b)) {
      const input = reshape(x, width, steps, b.sequences)
      const state = blockState(b, states, il)
      const normed = namedNorm(b, input, il, { name: 'attn_norm', kind: 'layer' })
      const mix = timeMix(b, states, normed, { state, il, first })
      first = mix.firstValue
      const middle = add(mix.out, input)
      const after = namedNorm(b, middle, il, { name: 'attn_norm_2', kind: 'layer' })
      const previous = shifted(b, state.feedForwardShift, after)
      keepShifts(b, state, normed, after)
      const flat = (t: GraphTensor): GraphTensor => reshape(t, width, b.tokens)
      const [residual, own, before] = gatherOutputs(b, il, flat(middle), flat(after), flat(previous))
      x = add(channelMix(b, own, before, il), residual)
    }
    outputHead(b, x, { kind: 'layer' })
  },
}
