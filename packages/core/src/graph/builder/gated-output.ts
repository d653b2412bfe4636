import { mul, mulMat, reshape, unary } from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import { outputProjection } from './attention.ts'
import { type GraphBuilder, requiredTensor } from './builder.ts'

export interface Gated {
  readonly il: number
  /** What the gate is computed from: the input of the heads. */
  readonly input: GraphTensor
  readonly activation: 'sigmoid' | 'softplus'
}

/**
 * Attended values through a gate and the output projection: one factor a head where `attn_gate` has as many rows as there
 * are heads, one an element where it has more. The gate is computed after the attention it opens.
 */
export function gatedOutput(b: GraphBuilder, attended: GraphTensor, gated: Gated): GraphTensor {
  const { il, input, activation } = gated
  const matrix = requiredTensor(b, il, 'attn_gate')
  const heads = b.model.headCount[il]!
  const gate = unary(mulMat(matrix, input), activation)
  if (matrix.ne[1] !== heads) return outputProjection(b, mul(attended, gate), il, undefined)
  const [width, tokens] = [attended.ne[0], attended.ne[1]]
  const opened = mul(reshape(attended, width / heads, heads, tokens), reshape(gate, 1, heads, tokens))
  return outputProjection(b, reshape(opened, width, tokens), il, undefined)
}
