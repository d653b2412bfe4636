import { ssmSizes } from '../../context/recurrent.ts'
import {
  add,
  concat,
  cont,
  cpy,
  glu,
  mul,
  mulMat,
  permute,
  reshape,
  transpose,
  unary,
  view1d,
  view3d,
  view4d,
} from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import { blockTensor, emit, type GraphBuilder, requiredTensor } from './builder.ts'
import { ssmConv, ssmScan } from './mamba.ts'
import { buildNorm } from './norm.ts'
import { readStates, type StateInputs, stateTensor } from './recurrent-state.ts'

const F32_BYTES = 4
/** The time step's bottleneck is the embedding's sixteenth, but no less (`dt_dim`). */
const TIME_STEP_MIN = 64

/** `build_plamo2_mamba_layer` of src/models/plamo2.cpp: heads as in Mamba-2, projections as in Mamba-1, each normalised. */
export function mambaPlamo2(b: GraphBuilder, inputs: StateInputs, cur: GraphTensor, il: number): GraphTensor {
  const { convolution, inner, state: stateSize, timeStep: heads } = ssmSizes(b.model)
  const { sequences } = b
  const [steps, headSize, past] = [b.tokens / sequences, inner / heads, convolution - 1]
  const convState = stateTensor(b, 'r', il, past * inner)
  const before = reshape(readStates(b, inputs, convState), past, inner, sequences)
  const product = mulMat(requiredTensor(b, il, 'ssm_in'), reshape(cur, cur.ne[0], steps, sequences))
  const both = cont(permute(product, 0, 2, 1, 3), 2 * headSize, heads, steps, sequences)
  const half = (offset: number): GraphTensor =>
    view4d(both, [headSize, heads, steps, sequences], [both.nb[1], both.nb[2], both.nb[3]], offset)
  const joined = concat(before, transpose(cont(half(headSize * F32_BYTES), inner, steps, sequences)), 0)
  const last = view3d(joined, [past, inner, sequences], [joined.nb[1], joined.nb[2]], steps * joined.nb[0])
  emit(b, cpy(last, view1d(convState, past * inner * sequences)))
  const convolved = unary(ssmConv(joined, requiredTensor(b, il, 'ssm_conv1d')), 'silu')
  const row = headSize * F32_BYTES
  const asHeads = (t: GraphTensor): GraphTensor =>
    view4d(t, [headSize, heads, steps, sequences], [row, row * heads, row * heads * steps])
  const x = asHeads(convolved)
  const operands = scanOperands(b, mulMat(requiredTensor(b, il, 'ssm_x'), convolved), il, { stateSize, steps })
  const a = reshape(requiredTensor(b, il, 'ssm_a', ''), 1, heads)
  const ssmState = stateTensor(b, 's', il, stateSize * inner)
  const scanned = readStates(b, inputs, ssmState, (states, ids) =>
    ssmScan({ state: reshape(states, stateSize, headSize, heads, ssmState.ne[1]), ids, x, a, ...operands }),
  )
  const elements = stateSize * inner * sequences
  emit(b, cpy(view1d(scanned, elements, inner * steps * sequences * F32_BYTES), view1d(ssmState, elements)))
  const skipped = mul(x, reshape(requiredTensor(b, il, 'ssm_d', ''), 1, heads))
  const y = glu(cont(half(0)), add(asHeads(scanned), skipped))
  const out = mulMat(requiredTensor(b, il, 'ssm_out'), view3d(y, [inner, steps, sequences], [y.nb[2], y.nb[3]]))
  return reshape(out, out.ne[0], steps * sequences)
}

/** B, C and the time step from one product, each with a norm of its own. */
function scanOperands(
  b: GraphBuilder,
  projected: GraphTensor,
  il: number,
  { stateSize, steps }: { readonly stateSize: number; readonly steps: number },
) {
  const timeStep = Math.max(TIME_STEP_MIN, Math.floor(b.model.embeddingLength / 16))
  const part = (name: string, width: number, before: number): GraphTensor => {
    const view = view3d(projected, [width, steps, b.sequences], [projected.nb[1], projected.nb[2]], before * F32_BYTES)
    return buildNorm(b, view, { weight: blockTensor(b, il, name, '') }, il)
  }
  const asStates = (t: GraphTensor): GraphTensor =>
    view4d(t, [stateSize, 1, steps, b.sequences], [stateSize * F32_BYTES, t.nb[1], t.nb[2]])
  const dt = mulMat(requiredTensor(b, il, 'ssm_dt'), part('ssm_dt_norm', timeStep, 2 * stateSize))
  return {
    dt: add(dt, requiredTensor(b, il, 'ssm_dt', 'bias')),
    bMatrix: asStates(part('ssm_b_norm', stateSize, 0)),
    c: asStates(part('ssm_c_norm', stateSize, stateSize)),
  }
}
