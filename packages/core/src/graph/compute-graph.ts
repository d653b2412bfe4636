import type { GraphTensor } from './tensor.ts'

/** `struct ggml_cgraph`: nodes in the order of execution, and the tensors that nothing computes. */
export interface ComputeGraph {
  readonly nodes: GraphTensor[]
  readonly leafs: GraphTensor[]
}

export const newGraph = (): ComputeGraph => ({ nodes: [], leafs: [] })

/**
 * `ggml_build_forward_expand`: depth first over sources in order, each tensor once, parents before children.
 * The order in which a model's code calls it decides how long tensors live, so callers keep llama.cpp's.
 */
export function expand(graph: ComputeGraph, tensor: GraphTensor): void {
  if (tensor.visited) return
  tensor.visited = true
  const path: GraphTensor[] = [tensor]
  const nextSource: number[] = [0]
  while (path.length > 0) {
    const current = path.at(-1)!
    const index = nextSource[path.length - 1]!
    if (index === current.src.length) {
      path.pop()
      nextSource.pop()
      ;(current.op === 'NONE' ? graph.leafs : graph.nodes).push(current)
      continue
    }
    nextSource[path.length - 1] = index + 1
    const source = current.src[index]
    if (source && !source.visited) {
      source.visited = true
      path.push(source)
      nextSource.push(0)
    }
  }
}
