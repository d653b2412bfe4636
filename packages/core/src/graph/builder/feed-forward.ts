import { add, glu, mulMat, sqr, unary } from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import { blockTensor, type GraphBuilder, requiredTensor } from './builder.ts'

/** What joins or follows the up projection where there is no gate matrix of its own. */
export type Activation = 'silu' | 'gelu' | 'relu' | 'relu-squared' | 'swiglu-fused' | 'xielu'

export interface FeedForwardOptions {
  readonly activation?: Activation
  /** Names of the three matrices, for shared experts and the like. */
  readonly up?: string
  readonly gate?: string
  readonly down?: string
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
  const gated = blockTensor(b, il, gate) ? glu(project(b, cur, il, gate), raised) : activate(raised, activation)
  return project(b, gated, il, down)
}

export function activate(x: GraphTensor, activation: Activation): GraphTensor {
  if (activation === 'swiglu-fused') return glu(x)
  if (activation === 'relu-squared') return sqr(unary(x, 'relu'))
  return unary(x, activation)
}

/** A matrix and its bias, if the file has one. */
export function project(b: GraphBuilder, cur: GraphTensor, il: number, name: string): GraphTensor {
  const product = mulMat(requiredTensor(b, il, name), cur)
  const bias = blockTensor(b, il, name, 'bias')
  return bias ? add(product, bias) : product
}
