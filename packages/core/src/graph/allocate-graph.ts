import { DEVICE_ALIGNMENT, HOST_ALIGNMENT } from '../memory/alignment.ts'
import { padTo } from '../units.ts'
import { allocate, type Arena, newArena, release } from './arena.ts'
import { requestedBytes } from './cuda.ts'
import type { AllocationWitness } from './fullest-moment.ts'
import { type Backend, type GraphTensor, type Op, sameDims, UNASSIGNED } from './tensor.ts'

/** A tensor and the backend whose arena it belongs to. */
export interface Allocation {
  readonly tensor: GraphTensor
  readonly backend: Backend
}

/** `ggml_op_can_inplace` of ggml-alloc.c, as far as these graphs use it. */
const IN_PLACE: ReadonlySet<Op> = new Set([
  'FILL',
  'SCALE',
  'ADD',
  'ADD_ID',
  'SUB',
  'MUL',
  'DIV',
  'SQR',
  'SQRT',
  'UNARY',
  'ROPE',
  'RMS_NORM',
  'CLAMP',
  'SOFT_MAX',
])

interface Allocator {
  readonly arenas: readonly Arena[]
  readonly hostBackend: Backend
  readonly witness: AllocationWitness | undefined
}

/**
 * `ggml_gallocr_reserve` (ggml-alloc.c, ggml 0.25.1): walks the nodes once, giving every tensor a place in its backend's
 * arena and freeing it after its last use. Answers the high-water mark of each arena, which is the buffer's size. Exact.
 */
export function allocateGraph(
  nodes: readonly Allocation[],
  leafs: readonly Allocation[],
  hostBackend: Backend,
  witness?: AllocationWitness,
): readonly number[] {
  const arenas = Array.from({ length: hostBackend + 1 }, (_, backend) =>
    newArena(backend === hostBackend ? HOST_ALIGNMENT : DEVICE_ALIGNMENT),
  )
  const allocator = { arenas, hostBackend, witness }
  for (const { tensor, backend } of leafs) place(allocator, tensor, backend)
  countReferences(allocator, nodes)
  for (const { tensor, backend } of nodes) {
    for (const source of tensor.src) if (source) place(allocator, source, backend)
    place(allocator, tensor, backend)
    for (const source of tensor.src) if (source) drop(allocator, source)
  }
  return arenas.map((arena) => arena.highWaterMark)
}

function countReferences(allocator: Allocator, nodes: readonly Allocation[]): void {
  for (const { tensor, backend } of nodes) {
    if (tensor.viewOf && tensor.op !== 'NONE') tensor.viewOf.views++
    if (tensor.input) place(allocator, tensor, backend)
    for (const source of tensor.src) {
      if (!source) continue
      source.children++
      if (source.input) place(allocator, source, backend)
    }
  }
}

const sizeIn = (allocator: Allocator, tensor: GraphTensor, backend: Backend): number =>
  requestedBytes(tensor, backend !== allocator.hostBackend)

/** `ggml_gallocr_allocate_node`. */
function place(allocator: Allocator, tensor: GraphTensor, backend: Backend): void {
  if (tensor.buffer !== UNASSIGNED || tensor.owned || tensor.viewOf) return
  tensor.owned = true
  if (IN_PLACE.has(tensor.op) && takeOverParent(allocator, tensor)) return
  const arena = allocator.arenas[backend]!
  const size = sizeIn(allocator, tensor, backend)
  tensor.arena = backend
  tensor.offset = allocate(arena, size)
  allocator.witness?.placed(tensor, padTo(size, arena.alignment), arena.highWaterMark)
}

/** Views are never marked as allocated, so ggml-alloc.c's branch for parents that are views does not run. */
function takeOverParent(allocator: Allocator, tensor: GraphTensor): boolean {
  for (const parent of tensor.src) {
    if (!parent || !parent.owned || parent.output || parent.children !== 1 || parent.views !== 0) continue
    if (parent.type !== tensor.type || !sameDims(parent.ne, tensor.ne) || !sameDims(parent.nb, tensor.nb)) continue
    inherit(allocator, tensor, parent)
    return true
  }
  return false
}

/** The new tensor takes its parent's memory over; a longer tail is freed. */
function inherit(allocator: Allocator, tensor: GraphTensor, parent: GraphTensor): void {
  tensor.arena = parent.arena
  tensor.offset = parent.offset
  parent.owned = false
  const arena = allocator.arenas[parent.arena]!
  const held = padTo(sizeIn(allocator, parent, parent.arena), arena.alignment)
  const needed = padTo(sizeIn(allocator, tensor, parent.arena), arena.alignment)
  if (held > needed) release(arena, parent.offset + needed, held - needed)
  allocator.witness?.freed(parent)
  allocator.witness?.placed(tensor, needed, arena.highWaterMark)
}

function drop(allocator: Allocator, source: GraphTensor): void {
  source.children--
  if (source.children !== 0 || source.views !== 0) return
  if (!source.viewOf) {
    if (source.owned) free(allocator, source)
    return
  }
  const root = source.viewOf
  root.views--
  if (root.views === 0 && root.children === 0 && root.owned) free(allocator, root)
}

/** `ggml_gallocr_free_node`: outputs stay. */
function free(allocator: Allocator, tensor: GraphTensor): void {
  if (tensor.output) return
  release(allocator.arenas[tensor.arena]!, tensor.offset, sizeIn(allocator, tensor, tensor.arena))
  tensor.owned = false
  allocator.witness?.freed(tensor)
}
