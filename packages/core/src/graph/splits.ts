import { isViewOp, readsInPlace, type Scheduler } from './assign.ts'
import type { ComputeGraph } from './compute-graph.ts'
import { type Backend, type GraphTensor, newTensor } from './tensor.ts'

/** A run of nodes on one backend, and what is copied to it before it starts. */
export interface Split {
  readonly backend: Backend
  readonly start: number
  end: number
  readonly inputs: GraphTensor[]
}

export interface SplitGraph {
  readonly splits: readonly Split[]
  /** The copies of a tensor on a backend, one a pipeline stage. */
  readonly copiesOf: (tensor: GraphTensor, backend: Backend) => readonly GraphTensor[]
  /** Graph inputs that themselves exist once a pipeline stage. */
  readonly stagedInputs: readonly GraphTensor[]
}

type CopyTable = Map<GraphTensor, Map<Backend, readonly GraphTensor[]>>

/**
 * Pass 5 of `ggml_backend_sched_split_graph`: cuts the nodes where the backend changes, or where a weight of another
 * backend would be uploaded behind the first (that bounds the uploads of host weights), and replaces every source that
 * the split cannot read by a copy on its backend.
 */
export function splitGraph(graph: ComputeGraph, scheduler: Scheduler): SplitGraph {
  const { nodes } = graph
  const first = nodes.findIndex((node) => !isViewOp(node))
  const copies: CopyTable = new Map()
  const stagedInputs: GraphTensor[] = []
  let split: Split = { backend: nodes[first]!.backend, start: 0, end: nodes.length, inputs: [] }
  const splits = [split]
  for (let index = first; index < nodes.length; index++) {
    const node = nodes[index]!
    if (isViewOp(node)) continue
    if (node.backend !== split.backend || needsFreshUpload(node, split)) {
      split.end = index
      split = { backend: node.backend, start: index, end: nodes.length, inputs: [] }
      splits.push(split)
    }
    for (let position = 0; position < node.src.length; position++) {
      const source = node.src[position]
      if (!source) continue
      if (source.input && scheduler.copies > 1 && !copies.get(source)?.has(source.backend)) {
        setCopies(copies, source, source.backend, stageInput(source, scheduler.copies))
        stagedInputs.push(source)
      }
      if (source.backend === split.backend || readsInPlace(source, split.backend)) continue
      if (!copies.get(source)?.has(split.backend)) {
        setCopies(copies, source, split.backend, copyTo(source, split.backend, scheduler.copies))
        split.inputs.push(source)
      }
      node.src[position] = copies.get(source)!.get(split.backend)![0]!
    }
  }
  return { splits, stagedInputs, copiesOf: (tensor, backend) => copies.get(tensor)?.get(backend) ?? [] }
}

const needsFreshUpload = (node: GraphTensor, split: Split): boolean =>
  split.inputs.length > 0 &&
  node.src.some(
    (source) => source?.isWeight && source.backend !== split.backend && !readsInPlace(source, split.backend),
  )

function setCopies(copies: CopyTable, tensor: GraphTensor, backend: Backend, made: readonly GraphTensor[]): void {
  const known = copies.get(tensor) ?? new Map<Backend, readonly GraphTensor[]>()
  known.set(backend, made)
  copies.set(tensor, known)
}

const duplicate = (tensor: GraphTensor, backend: Backend): GraphTensor => {
  const copy = newTensor(tensor.type, tensor.ne, { nb: tensor.nb })
  copy.backend = backend
  return copy
}

/** With several stages the copies are inputs and outputs at once: allocated first and never freed. */
function pin(tensor: GraphTensor): GraphTensor {
  tensor.input = true
  tensor.output = true
  return tensor
}

const stageInput = (tensor: GraphTensor, stages: number): readonly GraphTensor[] =>
  Array.from({ length: stages }, (_, stage) => pin(stage === 0 ? tensor : duplicate(tensor, tensor.backend)))

const copyTo = (tensor: GraphTensor, backend: Backend, stages: number): readonly GraphTensor[] =>
  Array.from({ length: stages }, () => (stages > 1 ? pin(duplicate(tensor, backend)) : duplicate(tensor, backend)))
