import { add, cont, getRows, inputTensor, mul, mulMat, permute, reshape, scale, unary, view2d } from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import { emit, firstBlockTensor, type GraphBuilder, hostTensor, missing, requiredTensor } from './builder.ts'
import { buildNorm } from './norm.ts'
import { namedNorm } from './transformer.ts'

/** Gemma's embedding per token and block (`build_inp_per_layer`, `project_per_layer_inputs`). */

const F32_BYTES = 4

/** One matrix of a three-dimensional tensor. */
export const slice = (x: GraphTensor, index: number): GraphTensor =>
  view2d(x, [x.ne[0], x.ne[1]], x.ne[0] * F32_BYTES, index * x.ne[0] * x.ne[1] * F32_BYTES)

export function perLayerInputs(b: GraphBuilder, cur: GraphTensor, width: number): GraphTensor {
  const blocks = b.model.runBlockCount
  const own = (name: string): GraphTensor => firstBlockTensor(b, name) ?? missing(`${name}.weight`)
  const rows = getRows(hostTensor(b, 'per_layer_token_embd'), inputTensor('i32', b.tokens))
  const embedded = emit(b, scale(reshape(rows, width, blocks, b.tokens)))
  const projected = reshape(scale(mulMat(own('per_layer_model_proj'), cur)), width, blocks, b.tokens)
  const normed = buildNorm(b, projected, { weight: own('per_layer_proj_norm') }, -1)
  return cont(permute(scale(add(normed, embedded)), 0, 2, 1, 3))
}

/** What block `il` adds from its slice. */
export function perLayerStep(b: GraphBuilder, cur: GraphTensor, perLayer: GraphTensor, il: number): GraphTensor {
  const gate = unary(mulMat(requiredTensor(b, il, 'inp_gate'), cur), 'gelu')
  const out = mulMat(requiredTensor(b, il, 'proj'), mul(gate, slice(perLayer, il)))
  return namedNorm(b, out, il, { name: 'post_norm' })
}
