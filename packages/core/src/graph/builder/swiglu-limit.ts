import type { ModelShape } from '../../model/model.ts'
import { clamp, glu, mul, unary } from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'

/** The header's limits of a gated unit, one a block or one for all: of routed experts, and of every other feed-forward part. */
export type LimitKey = 'swiglu_clamp_exp' | 'swiglu_clamp_shexp'

const LIMIT_MIN = 1e-6

export function isLimited({ hyperparameter }: Pick<ModelShape, 'hyperparameter'>, key: LimitKey, il: number): boolean {
  const limits = hyperparameter(key)
  return Number((Array.isArray(limits) ? limits[il] : limits) ?? 0) > LIMIT_MIN
}

/** Both limits of block `il` as one number, for `blockVariant`. */
export const limitVariant = (model: Pick<ModelShape, 'hyperparameter'>, il: number): number =>
  Number(isLimited(model, 'swiglu_clamp_exp', il)) + 2 * Number(isLimited(model, 'swiglu_clamp_shexp', il))

/** SwiGLU as its parts, each clamped (`build_ffn`, `build_moe_ffn`), or as the one operation. */
export const gatedUnit = (gate: GraphTensor, up: GraphTensor, limited: boolean): GraphTensor =>
  limited ? mul(clamp(unary(gate, 'silu')), clamp(up)) : glu(gate, up)
