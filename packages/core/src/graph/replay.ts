import { allocateGraph, type Allocation } from './allocate-graph.ts'
import { assignBackends, type Scheduler } from './assign.ts'
import type { ComputeGraph } from './compute-graph.ts'
import { countUses, type KeepAlive, keepForExpertFusion } from './expert-fusion.ts'
import { type Split, type SplitGraph, splitGraph } from './splits.ts'
import { type GraphTensor, newTensor } from './tensor.ts'

export interface ReplayOptions extends Scheduler {
  /** Off for the Meta backend of split mode tensor, which does not run CUDA's graph optimisation. */
  readonly expertFusion: boolean
}

export interface Replay {
  /** Size of each backend's compute buffer in bytes, the host's last. */
  readonly bufferBytes: readonly number[]
  readonly splitCount: number
}

/** What `ggml_backend_sched_reserve` would allocate for a graph: assign, cut, copy, allocate. Uses the graph up. Exact. */
export function replay(graph: ComputeGraph, options: ReplayOptions): Replay {
  assignBackends(graph, options)
  const cut = splitGraph(graph, options)
  const bufferBytes = allocateGraph(
    orderedNodes(graph, cut, options),
    orderedLeafs(graph, cut, options),
    options.hostBackend,
  )
  return { bufferBytes, splitCount: cut.splits.length }
}

/** Dependencies of one node are listed on view nodes, ten a node (`GGML_MAX_SRC`). */
const SOURCES_MAX = 10

function orderedNodes(graph: ComputeGraph, cut: SplitGraph, options: ReplayOptions): readonly Allocation[] {
  const keep = options.expertFusion ? fusedTensors(graph, cut.splits, options) : undefined
  const ordered: Allocation[] = []
  for (const split of cut.splits) {
    for (const input of split.inputs) {
      ordered.push({ tensor: dependency(input, [input]), backend: input.backend })
      ordered.push({ tensor: cut.copiesOf(input, split.backend)[0]!, backend: split.backend })
    }
    for (let index = split.start; index < split.end; index++) {
      const node = graph.nodes[index]!
      ordered.push({ tensor: node, backend: node.backend })
      const kept = keep?.get(node) ?? []
      for (let at = 0; at < kept.length; at += SOURCES_MAX) {
        ordered.push({ tensor: dependency(kept[at]!, kept.slice(at, at + SOURCES_MAX)), backend: split.backend })
      }
    }
  }
  return ordered
}

function fusedTensors(graph: ComputeGraph, splits: readonly Split[], options: ReplayOptions): KeepAlive {
  const keep: KeepAlive = new Map()
  const uses = countUses(graph)
  for (const split of splits) {
    if (split.backend !== options.hostBackend) keepForExpertFusion(keep, split, graph, uses)
  }
  return keep
}

/** A node that computes nothing and keeps its sources alive until it has been passed. */
const dependency = (view: GraphTensor, src: GraphTensor[]): GraphTensor =>
  newTensor(view.type, view.ne, { viewOf: view, nb: view.nb, src })

/** With several stages, their copies come before the graph's own leafs. */
function orderedLeafs(graph: ComputeGraph, cut: SplitGraph, options: ReplayOptions): readonly Allocation[] {
  const ordered: Allocation[] = []
  const put = (tensor: GraphTensor, backend: number): void => {
    ordered.push({ tensor, backend })
  }
  if (options.copies > 1) {
    for (const input of cut.stagedInputs)
      for (const copy of cut.copiesOf(input, input.backend)) put(copy, input.backend)
    for (const split of cut.splits) {
      for (const input of split.inputs) for (const copy of cut.copiesOf(input, split.backend)) put(copy, split.backend)
    }
  }
  for (const leaf of graph.leafs) put(leaf, leaf.backend)
  return ordered
}
