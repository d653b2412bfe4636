import { add, glu, mul, mulMat, sqr, unary } from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import { blockTensor, type GraphBuilder, requiredTensor } from './builder.ts'
import { gatedUnit, isLimited } from './swiglu-limit.ts'

/** What joins or follows the up projection where there is no gate matrix of its own. */
export type Activation = 'silu' | 'gelu' | 'relu' | 'relu-squared' | 'swiglu-fused' | 'xielu'

export interface FeedForwardOptions {
  readonly activation?: Activation
  /** Names of the three matrices, for shared experts and the like. */
  readonly up?: string
  readonly gate?: string
  /** Whether the architecture reads `swiglu_clamp_shexp`. */
  readonly limited?: true
  /** null for none: the caller projects. */
  readonly down?: string | null
}

export const SHARED_EXPERT: FeedForwardOptions = { up: 'ffn_up_shexp', gate: 'ffn_gate_shexp', down: 'ffn_down_shexp' }

/** `llm_graph_context::build_ffn` with a parallel gate. */
export function feedForward(
  b: GraphBuilder,
  cur: GraphTensor,
  il: number,
  options: FeedForwardOptions = {},
): GraphTensor {
  const { activation = 'silu', up = 'ffn_up', gate = 'ffn_gate', down = 'ffn_down' } = options
  const raised = project(b, cur, il, up)
  const isClamped = options.limited ? isLimited(b.model, 'swiglu_clamp_shexp', il) : false
  const gated = blockTensor(b, il, gate)
    ? gatedUnit(project(b, cur, il, gate), raised, isClamped)
    : activate(raised, activation)
  return down === null ? gated : project(b, gated, il, down)
}

export function activate(x: GraphTensor, activation: Activation): GraphTensor {
  if (activation === 'swiglu-fused') return glu(x)
  if (activation === 'relu-squared') return sqr(unary(x, 'relu'))
  return unary(x, activation)
}

/**
 * A matrix with its scale and its bias, each if the file has one (`build_lora_mm`, then the bias). Where `build_ffn` scales
 * after the bias the memory is the same: both work in place.
 */
export function project(b: GraphBuilder, cur: GraphTensor, il: number, name: string): GraphTensor {
  const product = mulMat(requiredTensor(b, il, name), cur)
  const factor = blockTensor(b, il, name, 'scale')
  const scaled = factor ? mul(product, factor) : product
  const bias = blockTensor(b, il, name, 'bias')
  return bias ? add(scaled, bias) : scaled
}
