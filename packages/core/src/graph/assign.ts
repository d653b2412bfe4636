import type { ComputeGraph } from './compute-graph.ts'
import { cudaSupports } from './cuda.ts'
import { type Backend, type GraphTensor, type Op, UNASSIGNED } from './tensor.ts'

/** `ggml_backend_sched` as llama.cpp creates it: one backend a GPU, the CPU last. */
export interface Scheduler {
  readonly hostBackend: Backend
  /** Copies of every input that crosses to another backend: 1, or 4 with pipeline parallelism. */
  readonly copies: number
  readonly opOffload: boolean
}

/** `GGML_OP_OFFLOAD_MIN_BATCH`: smaller batches stay with host weights on the CPU. */
export const OFFLOAD_MIN_BATCH = 32

const VIEW_OPS: ReadonlySet<Op> = new Set(['VIEW', 'RESHAPE', 'PERMUTE', 'TRANSPOSE', 'NONE'])
export const isViewOp = (tensor: GraphTensor): boolean => VIEW_OPS.has(tensor.op)

export const supportsOp = (scheduler: Scheduler, backend: Backend, operation: GraphTensor): boolean =>
  backend === scheduler.hostBackend || cudaSupports(operation, backend, scheduler.hostBackend)

const bufferOf = (tensor: GraphTensor): Backend => (tensor.viewOf ?? tensor).buffer

/** Whether `backend` reads the tensor where it lies: the CPU reads host memory, a GPU only its own. */
export function readsInPlace(tensor: GraphTensor, backend: Backend): boolean {
  const buffer = bufferOf(tensor)
  if (buffer !== UNASSIGNED) return buffer === backend
  const owner = tensor.backend !== UNASSIGNED ? tensor.backend : (tensor.viewOf?.backend ?? UNASSIGNED)
  return owner === backend
}

/** Passes 1 to 4 of `ggml_backend_sched_split_graph` (ggml-backend.cpp, ggml 0.25.1). Sets `backend` on every tensor. */
export function assignBackends(graph: ComputeGraph, scheduler: Scheduler): void {
  for (const tensor of graph.leafs) if (tensor.backend === UNASSIGNED) tensor.backend = ownBackend(tensor, scheduler)
  for (const tensor of graph.nodes) if (tensor.backend === UNASSIGNED) tensor.backend = ownBackend(tensor, scheduler)
  const operations = graph.nodes.filter((node) => !isViewOp(node))
  const reversed = operations.toReversed()
  spread(operations, scheduler, true)
  spread(reversed, scheduler, true)
  spread(operations, scheduler, false)
  spread(reversed, scheduler, false)
  for (const node of operations) if (node.backend === UNASSIGNED) node.backend = mostReadable(node, scheduler)
  for (const node of graph.nodes) settleSources(node, scheduler)
}

/** `ggml_backend_sched_backend_id_from_cur`: fixed by its buffer, by being an input, or by its first weight. */
function ownBackend(tensor: GraphTensor, scheduler: Scheduler): Backend {
  const fixed = backendOfBuffer(bufferOf(tensor), tensor, scheduler)
  if (fixed !== UNASSIGNED) return fixed
  if (tensor.input) return scheduler.hostBackend
  if (tensor.op === 'ROPE' || tensor.op === 'FLASH_ATTN_EXT') return UNASSIGNED
  for (const source of tensor.src) {
    if (source && source.isWeight) return backendOfWeight(source, tensor, scheduler)
  }
  return UNASSIGNED
}

function backendOfBuffer(buffer: Backend, operation: GraphTensor, scheduler: Scheduler): Backend {
  if (buffer === UNASSIGNED) return UNASSIGNED
  return supportsOp(scheduler, buffer, operation) ? buffer : UNASSIGNED
}

/** An operation follows its weight; a large batch with a host weight goes to the first GPU that has the operation. */
function backendOfWeight(weight: GraphTensor, operation: GraphTensor, scheduler: Scheduler): Backend {
  const backend = backendOfBuffer(weight.buffer, operation, scheduler)
  const { hostBackend, opOffload } = scheduler
  if (
    opOffload &&
    backend === hostBackend &&
    weight.buffer === hostBackend &&
    batchOf(operation) >= OFFLOAD_MIN_BATCH
  ) {
    for (let device = 0; device < hostBackend; device++) if (supportsOp(scheduler, device, operation)) return device
  }
  return backend
}

/** `get_op_batch_size` of ggml-cuda.cu. */
function batchOf({ op, ne }: GraphTensor): number {
  switch (op) {
    case 'GET_ROWS':
      return 0
    case 'MUL_MAT':
      return ne[1]
    case 'MUL_MAT_ID':
    case 'ROPE':
      return ne[2]
    default:
      return ne[1] * ne[2] * ne[3]
  }
}

/** One of the four sweeps of pass 2: neighbours take over a backend; with `gpuOnly`, a CPU node breaks the chain. */
function spread(operations: readonly GraphTensor[], scheduler: Scheduler, gpuOnly: boolean): void {
  let current: Backend = UNASSIGNED
  for (const node of operations) {
    if (node.backend !== UNASSIGNED)
      current = gpuOnly && node.backend === scheduler.hostBackend ? UNASSIGNED : node.backend
    else if (current !== UNASSIGNED && supportsOp(scheduler, current, node)) node.backend = current
  }
}

/** Pass 3: the backend that reads most of the sources in place. */
function mostReadable(node: GraphTensor, scheduler: Scheduler): Backend {
  let best: Backend = UNASSIGNED
  let mostSources = -1
  for (let backend = 0; backend <= scheduler.hostBackend; backend++) {
    if (!supportsOp(scheduler, backend, node)) continue
    const readable = node.src.filter((source) => source && isSettled(source) && readsInPlace(source, backend)).length
    if (readable > mostSources) {
      mostSources = readable
      best = backend
    }
  }
  return best
}

const isSettled = (tensor: GraphTensor): boolean =>
  tensor.backend !== UNASSIGNED || (tensor.viewOf !== null && tensor.viewOf.backend !== UNASSIGNED)

/** Pass 4: views follow what they view, sources without a backend follow their consumer. */
function settleSources(node: GraphTensor, scheduler: Scheduler): void {
  if (node.viewOf && node.backend === UNASSIGNED) node.backend = node.viewOf.backend
  for (const source of node.src) {
    if (source && source.backend === UNASSIGNED) source.backend = source.viewOf ? source.viewOf.backend : node.backend
  }
  if (node.backend !== UNASSIGNED) return
  for (let backend = 0; backend <= scheduler.hostBackend; backend++) {
    if (supportsOp(scheduler, backend, node)) {
      node.backend = backend
      return
    }
  }
}
