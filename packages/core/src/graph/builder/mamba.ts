import { add, cont, cpy, glu, mul, mulMat, reshape, result, unary, view1d, view3d, view4d } from '../operations.ts'
import { graphElements, type GraphTensor } from '../tensor.ts'
import { ssmSizes } from '../../context/recurrent.ts'
import { blockTensor, emit, type GraphBuilder, requiredTensor } from './builder.ts'
import { buildNorm } from './norm.ts'
import { readStates, type StateInputs, stateTensor, withPastColumns } from './recurrent-state.ts'

/** State-space blocks: src/models/mamba-base.cpp (llama.cpp 0.5.0-dev). */

const F32_BYTES = 4

export const ssmConv = (input: GraphTensor, kernel: GraphTensor): GraphTensor =>
  result('SSM_CONV', 'f32', [input.ne[1], input.ne[0] - kernel.ne[0] + 1, input.ne[2]], [input, kernel])

interface ScanOperands {
  readonly state: GraphTensor
  readonly ids: GraphTensor
  readonly x: GraphTensor
  readonly dt: GraphTensor
  readonly a: GraphTensor
  readonly bMatrix: GraphTensor
  readonly c: GraphTensor
}

/** The result holds the outputs and behind them the new states. */
export const ssmScan = ({ state, ids, x, dt, a, bMatrix, c }: ScanOperands): GraphTensor =>
  result(
    'SSM_SCAN',
    'f32',
    [graphElements(x) + state.ne[0] * state.ne[1] * state.ne[2] * ids.ne[0]],
    [state, x, dt, a, bMatrix, c, ids],
  )

/** Behind each matrix product of Mamba-1's time step, B and C there may be a norm (Jamba). */
const normed = (b: GraphBuilder, x: GraphTensor, il: number, name: string): GraphTensor =>
  buildNorm(b, x, { weight: blockTensor(b, il, name) }, il)

/** `build_mamba_layer`. */
export function mamba1(b: GraphBuilder, inputs: StateInputs, cur: GraphTensor, il: number): GraphTensor {
  const { convolution, inner, state: stateSize, timeStep } = ssmSizes(b.model)
  const sequences = b.sequences
  const steps = b.tokens / sequences
  const ssmState = stateTensor(b, 's', il, stateSize * inner)
  const both = mulMat(requiredTensor(b, il, 'ssm_in'), reshape(cur, cur.ne[0], steps, sequences))
  const half = (offset: number): GraphTensor =>
    view3d(both, [inner, both.ne[1], both.ne[2]], [both.nb[1], both.nb[2]], offset)
  const z = half(inner * F32_BYTES)
  const joined = withPastColumns(b, inputs, half(0), { il, past: convolution - 1, channels: inner })
  const x = unary(
    add(ssmConv(joined, requiredTensor(b, il, 'ssm_conv1d')), requiredTensor(b, il, 'ssm_conv1d', 'bias')),
    'silu',
  )
  const projected = mulMat(requiredTensor(b, il, 'ssm_x'), x)
  const stateView = (offset: number): GraphTensor =>
    view4d(
      projected,
      [stateSize, 1, steps, sequences],
      [stateSize * F32_BYTES, projected.nb[1], projected.nb[2]],
      offset * F32_BYTES,
    )
  const dtView = view3d(projected, [timeStep, steps, sequences], [projected.nb[1], projected.nb[2]])
  const isNormed = blockTensor(b, il, 'ssm_dt_norm') !== undefined
  const dtInput = isNormed ? normed(b, dtView, il, 'ssm_dt_norm') : cont(dtView)
  const bMatrix = isNormed ? normed(b, stateView(timeStep), il, 'ssm_b_norm') : stateView(timeStep)
  const c = isNormed ? normed(b, stateView(timeStep + stateSize), il, 'ssm_c_norm') : stateView(timeStep + stateSize)
  const dt = add(mulMat(requiredTensor(b, il, 'ssm_dt'), dtInput), requiredTensor(b, il, 'ssm_dt', 'bias'))
  const x4 = reshape(x, 1, inner, steps, sequences)
  const a = requiredTensor(b, il, 'ssm_a', '')
  const scanned = readStates(b, inputs, ssmState, (states, ids) =>
    ssmScan({ state: reshape(states, stateSize, 1, inner, ssmState.ne[1]), ids, x: x4, dt, a, bMatrix, c }),
  )
  const stateElements = stateSize * inner * sequences
  emit(b, cpy(view1d(scanned, stateElements, x4.nb[3] * x4.ne[3]), view1d(ssmState, stateElements)))
  const y = add(
    view3d(scanned, [inner, steps, sequences], [x4.nb[2], x4.nb[3]]),
    mul(x, requiredTensor(b, il, 'ssm_d', '')),
  )
  const out = mulMat(requiredTensor(b, il, 'ssm_out'), glu(cont(z), y))
  return reshape(out, out.ne[0], steps * sequences)
}

/** `build_mamba2_layer`. */
export function mamba2(b: GraphBuilder, inputs: StateInputs, cur: GraphTensor, il: number): GraphTensor {
  const { convolution, inner, state: stateSize, timeStep: heads, groups } = ssmSizes(b.model)
  const headSize = inner / heads
  const sequences = b.sequences
  const steps = b.tokens / sequences
  const channels = inner + 2 * groups * stateSize
  const ssmState = stateTensor(b, 's', il, stateSize * inner)
  const product = mulMat(requiredTensor(b, il, 'ssm_in'), cur)
  const all = reshape(product, product.ne[0], steps, sequences)
  const z = view4d(all, [headSize, heads, steps, sequences], [headSize * F32_BYTES, all.nb[1], all.nb[2]])
  const mixed = view3d(all, [channels, steps, sequences], [all.nb[1], all.nb[2]], inner * F32_BYTES)
  const dtView = view3d(
    all,
    [heads, steps, sequences],
    [all.nb[1], all.nb[2]],
    (2 * inner + 2 * groups * stateSize) * F32_BYTES,
  )
  const joined = withPastColumns(b, inputs, mixed, { il, past: convolution - 1, channels })
  const convolved = unary(
    add(ssmConv(joined, requiredTensor(b, il, 'ssm_conv1d')), requiredTensor(b, il, 'ssm_conv1d', 'bias')),
    'silu',
  )
  const part = (size: number, count: number, offset: number): GraphTensor =>
    view4d(
      convolved,
      [size, count, steps, sequences],
      [size * F32_BYTES, convolved.nb[1], convolved.nb[2]],
      offset * F32_BYTES,
    )
  const x = part(headSize, heads, 0)
  const bMatrix = part(stateSize, groups, inner)
  const c = part(stateSize, groups, inner + groups * stateSize)
  const dt = add(cont(dtView), requiredTensor(b, il, 'ssm_dt', 'bias'))
  const a = requiredTensor(b, il, 'ssm_a', '')
  const scanned = readStates(b, inputs, ssmState, (states, ids) =>
    ssmScan({ state: reshape(states, stateSize, headSize, heads, ssmState.ne[1]), ids, x, dt, a, bMatrix, c }),
  )
  const width = stateSize * inner
  const row = width * F32_BYTES
  const newStates = view3d(scanned, [width, sequences, 1], [row, row * sequences], graphElements(x) * F32_BYTES)
  emit(b, cpy(newStates, view3d(ssmState, [width, sequences, 1], [ssmState.nb[1], ssmState.ne[1] * row])))
  const yView = view4d(
    scanned,
    [headSize, heads, steps, sequences],
    [x.nb[1], heads * x.nb[1], steps * heads * x.nb[1]],
  )
  let y = glu(cont(z), add(yView, mul(x, requiredTensor(b, il, 'ssm_d', ''))))
  const weight = blockTensor(b, il, 'ssm_norm')
  if (weight) y = buildNorm(b, reshape(y, inner / groups, groups, steps, sequences), { weight }, il)
  return mulMat(requiredTensor(b, il, 'ssm_out'), reshape(y, inner, steps * sequences))
}
