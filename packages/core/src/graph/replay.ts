import { allocateGraph, type Allocation } from './allocate-graph.ts'
import { assignBackends, type Scheduler } from './assign.ts'
import type { Folding } from './builder/folding.ts'
import type { ComputeGraph } from './compute-graph.ts'
import { countUses, type KeepAlive, keepForExpertFusion } from './expert-fusion.ts'
import type { AllocationWitness } from './fullest-moment.ts'
import { type Split, type SplitGraph, splitGraph } from './splits.ts'
import { type GraphTensor, newTensor, UNASSIGNED } from './tensor.ts'

export interface ReplayOptions extends Scheduler {
  /** Off for the Meta backend of split mode tensor, which does not run CUDA's graph optimisation. */
  readonly expertFusion: boolean
  readonly witness?: AllocationWitness
}

export interface Replay {
  /** Size of each backend's compute buffer in bytes, the host's last. */
  readonly bufferBytes: readonly number[]
  /** Whether every folded run had settled, so that the blocks left out change nothing. */
  readonly settled: boolean
}

/** A graph, and where its folded runs are to be compared. */
export interface FoldedGraph {
  readonly graph: ComputeGraph
  readonly marks: readonly number[]
  readonly checks: Folding['checks']
  /** Whether its tensors have their backends already. */
  readonly isAssigned: boolean
}

/** What `ggml_backend_sched_reserve` would allocate for a graph: assign, cut, copy, allocate. Uses the graph up. Exact. */
export function replay({ graph, marks, checks, isAssigned }: FoldedGraph, options: ReplayOptions): Replay {
  if (!isAssigned) assignBackends(graph, options)
  const cut = splitGraph(graph, options)
  const ordered = orderedNodes(graph, cut, options)
  const leafs = orderedLeafs(graph, cut, options)
  const bufferBytes = allocateGraph(ordered.nodes, leafs, options.hostBackend, options.witness)
  const settled = checks.every(({ from, window }) => {
    const [second, third, end] = [from, from + window, from + 2 * window].map(
      (block) => ordered.positions[marks[block]!]!,
    )
    return sameAddresses(ordered.nodes, { second: second!, third: third!, end: end! })
  })
  return { bufferBytes, settled }
}

interface Windows {
  readonly second: number
  readonly third: number
  readonly end: number
}

function sameAddresses(nodes: readonly Allocation[], { second, third, end }: Windows): boolean {
  const length = third - second
  // Blocks whose nodes come into the graph only with a later block's show nothing to compare.
  if (length === 0 || end - third !== length) return false
  for (let step = 0; step < length; step++) {
    const a = nodes[second + step]!.tensor
    const b = nodes[third + step]!.tensor
    if (a.op !== b.op || a.arena !== b.arena || a.offset !== b.offset) return false
    // Copies of a pipeline stage are never freed: every block that needs one adds to the buffer.
    if (b.input) return false
    if (!sameCopies(a, b, nodes, { second, third, end })) return false
  }
  return true
}

/** What a block copies for itself must be copied within its window: at the start of its split, every block would add to it. */
function sameCopies(a: GraphTensor, b: GraphTensor, nodes: readonly Allocation[], { third, end }: Windows): boolean {
  return b.src.every((source, index) => {
    if (!source || source === a.src[index] || source.op !== 'NONE' || source.buffer !== UNASSIGNED) return true
    for (let at = third; at < end; at++) if (nodes[at]!.tensor === source) return true
    return false
  })
}

/** Dependencies of one node are listed on view nodes, ten a node (`GGML_MAX_SRC`). */
const SOURCES_MAX = 10

interface Ordered {
  readonly nodes: readonly Allocation[]
  /** Where each node of the graph stands in `nodes`. */
  readonly positions: readonly number[]
}

function orderedNodes(graph: ComputeGraph, cut: SplitGraph, options: ReplayOptions): Ordered {
  const keep = options.expertFusion ? fusedTensors(graph, cut.splits, options) : undefined
  const nodes: Allocation[] = []
  const positions: number[] = []
  for (const split of cut.splits) {
    for (const input of split.inputs) {
      nodes.push({ tensor: dependency(input, [input]), backend: input.backend })
      const copy = cut.copiesOf(input, split.backend)[0]!
      options.witness?.copied(input, copy)
      nodes.push({ tensor: copy, backend: split.backend })
    }
    for (let index = split.start; index < split.end; index++) {
      const node = graph.nodes[index]!
      positions.push(nodes.length)
      nodes.push({ tensor: node, backend: node.backend })
      const kept = keep?.get(node) ?? []
      for (let at = 0; at < kept.length; at += SOURCES_MAX) {
        nodes.push({ tensor: dependency(kept[at]!, kept.slice(at, at + SOURCES_MAX)), backend: split.backend })
      }
    }
  }
  return { nodes, positions }
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
