import type { ComputeGraph } from './compute-graph.ts'
import type { Split } from './splits.ts'
import { type GraphTensor, isContiguous, sameDims } from './tensor.ts'

/**
 * `ggml_backend_cuda_graph_optimize` (ggml-cuda.cu, ggml 0.25.1): where CUDA will fuse a mixture-of-experts pattern into
 * one kernel, it asks the allocator to keep the pattern's tensors alive until the fused kernel has run.
 */
export type KeepAlive = Map<GraphTensor, GraphTensor[]>

/** Router kernels exist for powers of two up to 512 experts and for two odd counts (topk-moe.cu). */
const ROUTER_EXPERTS_MAX = 512
const ROUTER_EXPERTS_ODD = [288, 576]
/** Reduction kernels exist for 2 to 15 used experts. */
const REDUCED_EXPERTS_MAX = 15

interface Scan {
  readonly nodes: readonly GraphTensor[]
  readonly uses: ReadonlyMap<GraphTensor, number>
}

/** Adds to `keep` what must outlive its last use within one split on a GPU. */
export function keepForExpertFusion(
  keep: KeepAlive,
  split: Split,
  graph: ComputeGraph,
  uses: ReadonlyMap<GraphTensor, number>,
): void {
  const scan: Scan = { nodes: graph.nodes.slice(split.start, split.end), uses }
  for (let index = 0; index < scan.nodes.length; index++) {
    const reduction = weightedReduction(scan, index)
    if (reduction) {
      keepUntil(keep, reduction.last, [reduction.experts, reduction.weights])
      index += reduction.length - 1
    }
    const router = topKRouter(scan, index)
    if (!router) continue
    const until = scan.nodes[router.last + 1] ?? graph.nodes[split.end]
    for (const node of until ? scan.nodes.slice(index, router.last + 1) : []) {
      keepUntil(keep, until!, [node, ...node.src.filter((source) => source !== null)])
    }
    index = router.last
  }
}

export function countUses(graph: ComputeGraph): ReadonlyMap<GraphTensor, number> {
  const uses = new Map<GraphTensor, number>()
  for (const node of graph.nodes) {
    for (const source of node.src) if (source) uses.set(source, (uses.get(source) ?? 0) + 1)
  }
  return uses
}

function keepUntil(keep: KeepAlive, until: GraphTensor, tensors: readonly GraphTensor[]): void {
  const kept = keep.get(until) ?? []
  for (const tensor of tensors) if (!kept.includes(tensor)) kept.push(tensor)
  keep.set(until, kept)
}

/** `ggml_can_fuse_subgraph`: nothing inside but `outputs` may be used outside. */
function isClosed({ nodes, uses }: Scan, start: number, length: number, outputs: readonly number[]): boolean {
  const inside = nodes.slice(start, start + length)
  return inside.every((node, position) => {
    if (outputs.includes(start + position)) return true
    if (node.output) return false
    const usedInside = inside.reduce((sum, user) => sum + user.src.filter((source) => source === node).length, 0)
    if (usedInside !== (uses.get(node) ?? 0)) return false
    return node.viewOf === null || inside.includes(node.viewOf)
  })
}

interface Reduction {
  readonly experts: GraphTensor
  readonly weights: GraphTensor
  readonly last: GraphTensor
  readonly length: number
}

/** experts × weights, then a view and an addition per used expert. */
function weightedReduction(scan: Scan, start: number): Reduction | undefined {
  const { nodes } = scan
  const product = nodes[start]
  if (product?.op !== 'MUL' || product.type !== 'f32' || !isContiguous(product)) return undefined
  const [a, b] = product.src as [GraphTensor, GraphTensor]
  const operands =
    isExperts(a, product) && isWeights(b, product)
      ? [a, b]
      : isExperts(b, product) && isWeights(a, product)
        ? [b, a]
        : undefined
  const used = product.ne[1]
  const length = 2 * used
  if (!operands || used < 2 || used > REDUCED_EXPERTS_MAX || start + length > nodes.length) return undefined
  const rest = nodes.slice(start + 1, start + length)
  const views = rest.filter((node) => node.op === 'VIEW' && node.viewOf === product).length
  const additions = rest.filter((node) => node.op === 'ADD').length
  if (views !== used || additions !== used - 1) return undefined
  if (!isClosed(scan, start, length, [start + length - 1])) return undefined
  return { experts: operands[0]!, weights: operands[1]!, last: nodes[start + length - 1]!, length }
}

const isExperts = (tensor: GraphTensor, product: GraphTensor): boolean =>
  tensor.type === 'f32' && isContiguous(tensor) && sameDims(tensor.ne, product.ne)

const isWeights = (tensor: GraphTensor, product: GraphTensor): boolean =>
  tensor.type === 'f32' && isContiguous(tensor) && sameDims(tensor.ne, [1, product.ne[1], product.ne[2], product.ne[3]])

/** Gate function, choice of the best experts, their weights, and the weights' normalisation where there is one. */
function topKRouter(scan: Scan, start: number): { readonly last: number } | undefined {
  const { nodes } = scan
  const gate = nodes[start]
  if (!gate || (gate.op !== 'UNARY' && gate.op !== 'SOFT_MAX')) return undefined
  const at = afterGate(nodes, start)
  const choice = at === undefined ? undefined : chosenExperts(nodes, at)
  if (!choice || !routerKernelExists(choice.order.ne[0])) return undefined
  if (gate.op === 'SOFT_MAX' && gate.src.length > 1) return undefined
  const last = afterNormalisation(nodes, choice.weightsAt)
  return isClosed(scan, start, last - start + 1, [choice.weightsAt - 1, last]) ? { last } : undefined
}

interface Choice {
  readonly order: GraphTensor
  readonly weightsAt: number
}

/** From `at`: the probabilities reshaped, a bias added for the ranking, the order, its first few, and their weights. */
function chosenExperts(nodes: readonly GraphTensor[], at: number): Choice | undefined {
  const gated = nodes[at - 1]
  const probabilities = follows(nodes[at], 'RESHAPE', gated)
  if (!probabilities) return undefined
  const biased = follows(nodes[at + 1], 'ADD', gated)
  const orderAt = biased ? at + 2 : at + 1
  const order = follows(nodes[orderAt], 'ARGSORT', biased ?? gated)
  const chosen = order && follows(nodes[orderAt + 1], 'VIEW', order)
  const weights = chosen && follows(nodes[orderAt + 2], 'GET_ROWS', probabilities)
  return weights?.src[1] === chosen && order ? { order, weightsAt: orderAt + 2 } : undefined
}

const follows = (
  node: GraphTensor | undefined,
  op: GraphTensor['op'],
  source: GraphTensor | undefined,
): GraphTensor | undefined => (node?.op === op && source !== undefined && node.src[0] === source ? node : undefined)

function afterGate(nodes: readonly GraphTensor[], start: number): number | undefined {
  const gate = nodes[start]!
  if (gate.op === 'SOFT_MAX' || gate.variant === 'sigmoid') return start + 1
  const root = nodes[start + 1]
  return gate.variant === 'softplus' && root?.op === 'SQRT' && root.src[0] === gate ? start + 2 : undefined
}

function afterNormalisation(nodes: readonly GraphTensor[], last: number): number {
  const pattern = ['RESHAPE', 'SUM_ROWS', 'CLAMP', 'DIV', 'RESHAPE']
  const normalised = pattern.every((op, step) => nodes[last + 1 + step]?.op === op) ? last + pattern.length : last
  const scaled = nodes[normalised + 1]
  return scaled?.op === 'SCALE' && scaled.src[0] === nodes[normalised] ? normalised + 1 : normalised
}

const routerKernelExists = (experts: number): boolean =>
  (experts <= ROUTER_EXPERTS_MAX && (experts & (experts - 1)) === 0) || ROUTER_EXPERTS_ODD.includes(experts)
