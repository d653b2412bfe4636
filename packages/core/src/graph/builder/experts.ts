import {
  add,
  addId,
  argsortTopK,
  cast,
  clamp,
  cont,
  div,
  fill,
  getRows,
  glu,
  mul,
  mulMatId,
  repeat4d,
  reshape,
  scale,
  setRows,
  softMax,
  sumRows,
  unary,
  view2d,
  view3d,
} from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import { activate, type Activation, project } from './feed-forward.ts'
import { blockTensor, emit, type GraphBuilder, requiredTensor } from './builder.ts'
import { gatedUnit, isLimited } from './swiglu-limit.ts'

export type Gating = 'softmax' | 'sigmoid' | 'softmax-of-chosen'

export interface ExpertOptions {
  readonly gating: Gating
  readonly normaliseWeights: boolean
  /** Without a gate matrix. */
  readonly activation?: Activation
  /** Llama 4: weights are applied before the experts, and experts are ranked by raw logits. */
  readonly weightBefore?: true
  /** Whether the architecture reads `swiglu_clamp_exp`; one matrix of gate and up is never limited. */
  readonly limited?: boolean
  /** Router logits made elsewhere (Gemma 4). */
  readonly logits?: GraphTensor
  /** The down projection reads F32 (`ggml_prec_set_src`), for which CUDA has no kernel. */
  readonly downInFullPrecision?: true
  /** GroveMoE: experts are ranked by a sigmoid of their logits; an adjoint expert stands for each group of them. */
  readonly grove?: 'experts' | 'adjoint'
  /** Overrides `expert_weights_scale` of the header. */
  readonly weightsScale?: number
}

/** `llm_graph_context::build_moe_ffn` (llama-graph.cpp, llama.cpp 0.5.0-dev). */
export function experts(b: GraphBuilder, cur: GraphTensor, il: number, options: ExpertOptions): GraphTensor {
  const [width, tokens] = [cur.ne[0], cur.ne[1]]
  const used = b.model.expertUsedCount
  const { chosen, weights } = route(b, cur, il, options)
  emit(b, weights)
  let x = reshape(cur, width, 1, tokens)
  if (options.weightBefore) x = mul(repeat4d(x, width, used, tokens, 1), weights)
  const down = matrixName('ffn_down', options)
  const inner = hidden(b, x, il, { chosen, options })
  const product = mulMatId(requiredTensor(b, il, down), inner, chosen, options.downInFullPrecision)
  let out = withBias(b, product, il, down, chosen)
  if (!options.weightBefore) out = mul(out, weights)
  emit(b, out)
  return sumOfUsed(b, out, { width, tokens, used })
}

interface Route {
  readonly chosen: GraphTensor
  readonly weights: GraphTensor
}

function route(b: GraphBuilder, cur: GraphTensor, il: number, options: ExpertOptions): Route {
  const { expertCount, expertUsedCount: used, expertGroupCount } = b.model
  const tokens = cur.ne[1]
  const logits = routerLogits(b, cur, il, options)
  const probabilities = gate(logits, options.gating)
  const bias = blockTensor(b, il, 'exp_probs_b', 'bias') ?? blockTensor(b, il, 'exp_probs_b', '')
  let ranking = bias ? add(probabilities, bias) : probabilities
  if (options.weightBefore) ranking = logits
  if (options.grove) ranking = unary(logits, 'sigmoid')
  if (expertGroupCount > 1) ranking = rankedWithinGroups(b, ranking, tokens)
  const best = argsortTopK(ranking, used)
  const chosen = options.grove === 'adjoint' ? groupsOf(best) : best
  let weights = getRows(reshape(probabilities, 1, expertCount, tokens), chosen)
  if (options.gating === 'softmax-of-chosen')
    weights = reshape(softMax(reshape(weights, used, tokens)), 1, used, tokens)
  if (options.normaliseWeights) {
    const flat = reshape(weights, used, tokens)
    weights = reshape(div(flat, clamp(sumRows(flat))), 1, used, tokens)
  }
  const factor = options.weightsScale ?? Number(b.model.hyperparameter('expert_weights_scale') ?? 0)
  return { chosen, weights: factor !== 0 && factor !== 1 ? scale(weights) : weights }
}

/** Each expert's number divided by the size of its group, which takes a way over floats. */
const groupsOf = (chosen: GraphTensor): GraphTensor => cast(scale(cast(chosen, 'f32')), 'i32')

const matrixName = (stem: string, { grove }: ExpertOptions): string =>
  grove === 'adjoint' ? `${stem}_chexps` : `${stem}_exps`

const routerLogits = (b: GraphBuilder, cur: GraphTensor, il: number, options: ExpertOptions): GraphTensor => {
  if (!options.logits) return project(b, cur, il, 'ffn_gate_inp')
  const bias = blockTensor(b, il, 'ffn_gate_inp', 'bias')
  return bias ? add(options.logits, bias) : options.logits
}

function gate(logits: GraphTensor, gating: Gating): GraphTensor {
  if (gating === 'softmax') return softMax(logits)
  return gating === 'sigmoid' ? unary(logits, 'sigmoid') : logits
}

/** DeepSeek V3: the best groups by the sum of their two best experts; experts of the others are masked out. */
function rankedWithinGroups(b: GraphBuilder, ranking: GraphTensor, tokens: number): GraphTensor {
  const { expertCount, expertGroupCount, expertGroupUsedCount } = b.model
  const grouped = reshape(ranking, expertCount / expertGroupCount, expertGroupCount, tokens)
  const bestTwo = getRows(reshape(grouped, 1, grouped.ne[0], grouped.ne[1], grouped.ne[2]), argsortTopK(grouped, 2))
  const sums = sumRows(reshape(bestTwo, bestTwo.ne[1], bestTwo.ne[2], bestTwo.ne[3]))
  const bestGroups = argsortTopK(reshape(sums, sums.ne[1], sums.ne[2]), expertGroupUsedCount)
  const kept = getRows(grouped, bestGroups)
  return reshape(setRows(fill(grouped), kept, bestGroups), expertCount, tokens)
}

/** Up and gate projections of the chosen experts, joined. */
function hidden(
  b: GraphBuilder,
  x: GraphTensor,
  il: number,
  { chosen, options }: { chosen: GraphTensor; options: ExpertOptions },
): GraphTensor {
  const fused = blockTensor(b, il, 'ffn_gate_up_exps')
  if (fused) {
    const both = mulMatId(fused, x, chosen)
    const half = both.ne[0] / 2
    const gateHalf = view3d(both, [half, both.ne[1], both.ne[2]], [both.nb[1], both.nb[2]])
    const upHalf = view3d(both, [half, both.ne[1], both.ne[2]], [both.nb[1], both.nb[2]], half * 4)
    return glu(gateHalf, upHalf)
  }
  const [upName, gateName] = [matrixName('ffn_up', options), matrixName('ffn_gate', options)]
  const up = withBias(b, mulMatId(requiredTensor(b, il, upName), x, chosen), il, upName, chosen)
  const gateMatrix = blockTensor(b, il, gateName)
  if (!gateMatrix) return activate(up, options.activation ?? 'silu')
  const isClamped = options.limited ? isLimited(b.model, 'swiglu_clamp_exp', il) : false
  return gatedUnit(withBias(b, mulMatId(gateMatrix, x, chosen), il, gateName, chosen), up, isClamped)
}

function withBias(b: GraphBuilder, x: GraphTensor, il: number, name: string, chosen: GraphTensor): GraphTensor {
  const bias = blockTensor(b, il, name, 'bias')
  return bias ? addId(x, bias, chosen) : x
}

interface ExpertShape {
  readonly width: number
  readonly tokens: number
  readonly used: number
}

/** Views of every expert first, then a chain of additions: the order keeps all of them alive. */
function sumOfUsed(b: GraphBuilder, out: GraphTensor, { width, tokens, used }: ExpertShape): GraphTensor {
  const views = Array.from({ length: used }, (_, expert) =>
    emit(b, view2d(out, [width, tokens], out.nb[2], expert * out.nb[1])),
  )
  const sum = views.slice(1).reduce((total, view) => emit(b, add(total, view)), views[0]!)
  return used === 1 ? cont(sum) : sum
}
