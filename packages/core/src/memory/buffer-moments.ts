import type { ContextShape } from '../context/shape.ts'
import type { GraphBuilder } from '../graph/builder/builder.ts'
import { type MomentRecorder, recordMoments } from '../graph/fullest-moment.ts'
import type { Backend, Dims, GraphTensor, Op } from '../graph/tensor.ts'
import type { GgmlType } from '../header/ggml-type.ts'
import { type ComputeOptions, generationSize, graphReserver, promptSize, type ReservedGraph } from './graph-reserver.ts'
import type { Run } from './run.ts'

/** What an input of a graph holds. */
export type GraphInput =
  | 'tokens'
  | 'embeddings'
  | 'positions'
  | 'output-ids'
  | 'mask'
  | 'window-mask'
  | 'cell-indices'
  | 'rotation'
  | 'other'

/** Tensors of one shape and origin that were alive together. */
export interface HeldTensors {
  readonly op: Op
  readonly ne: Dims
  readonly type: GgmlType
  /** The weight that the operation reads, or that is copied, without its block and suffix: `ffn_gate`. */
  readonly weight?: string
  readonly input?: GraphInput
  readonly count: number
  /** Of all of them together, with what the allocator adds to each. */
  readonly bytes: number
}

/** A compute buffer when it was fullest: the tensors alive, and what lay free between them. */
export interface BufferMoment {
  readonly graph: 'prompt' | 'generation'
  readonly bufferBytes: number
  readonly held: readonly HeldTensors[]
  readonly holes: number
}

/**
 * What each compute buffer holds at its fullest moment, the host's last; the buffers are those of `computeBuffers`. In a
 * folded graph the moment is that of the first of several like it. Exact.
 */
export function bufferMoments(run: Run, shape: ContextShape, options: ComputeOptions): readonly BufferMoment[] {
  const { reserve } = graphReserver(run, shape, options)
  const prompt = reserve(promptSize(shape), recordMoments)
  const generation = reserve(generationSize(shape), recordMoments)
  return prompt.bufferBytes.map((size, backend) =>
    size >= generation.bufferBytes[backend]!
      ? momentOf('prompt', prompt, backend)
      : momentOf('generation', generation, backend),
  )
}

function momentOf(graph: BufferMoment['graph'], { builder, recorder }: ReservedGraph, backend: Backend): BufferMoment {
  const { bufferBytes, held } = recorder!.momentOf(backend)
  const names = namesOf(builder)
  const groups = new Map<string, HeldTensors>()
  for (const { tensor, bytes } of held) {
    if (bytes === 0) continue
    const described = describeTensor(tensor, names, recorder!)
    const key = JSON.stringify(described)
    const known = groups.get(key)
    groups.set(key, { ...described, count: (known?.count ?? 0) + 1, bytes: (known?.bytes ?? 0) + bytes })
  }
  const together = held.reduce((sum, { bytes }) => sum + bytes, 0)
  return {
    graph,
    bufferBytes,
    held: [...groups.values()].toSorted((left, right) => right.bytes - left.bytes),
    holes: bufferBytes - together,
  }
}

interface Names {
  readonly weights: ReadonlyMap<GraphTensor, string>
  readonly inputs: ReadonlyMap<GraphTensor, GraphInput>
}

function namesOf(builder: GraphBuilder): Names {
  const { graph, weights, positions, outputIds, baseInputs, windowInputs } = builder
  const leafs = weights.flatMap((onPlace) => [...onPlace].map(([{ name }, tensor]) => [tensor, stemOf(name)] as const))
  const stems = new Map(leafs)
  const inputs = new Map<GraphTensor, GraphInput>([
    [positions, 'positions'],
    [outputIds, 'output-ids'],
  ])
  for (const set of windowInputs ? [baseInputs, windowInputs] : [baseInputs]) {
    inputs.set(set.mask, set === baseInputs ? 'mask' : 'window-mask')
    for (const indices of [set.keyIndices, set.valueIndices]) inputs.set(indices, 'cell-indices')
    for (const rotation of [set.keyRotation, set.valueRotation]) if (rotation) inputs.set(rotation, 'rotation')
  }
  // `build_inp_embd`: the ids that pick rows of token_embd, and an input for embeddings that is the next leaf.
  const ids = graph.nodes.find(({ src }) => src[0] && stems.get(src[0]) === 'token_embd')?.src[1]
  if (ids) inputs.set(ids, 'tokens')
  const ready = graph.leafs.find((leaf) => leaf.input && leaf.type === 'f32' && !inputs.has(leaf))
  if (ready) inputs.set(ready, 'embeddings')
  return { weights: stems, inputs }
}

const stemOf = (name: string): string => name.replace(/^blk\.\d+\./, '').replace(/\.(weight|scale)$/, '')

function describeTensor(
  tensor: GraphTensor,
  { weights, inputs }: Names,
  { originalOf }: MomentRecorder,
): Omit<HeldTensors, 'count' | 'bytes'> {
  const original = originalOf(tensor) ?? tensor
  const { op, ne, type } = original
  const weight = [original, ...original.src].map((one) => (one ? weights.get(one) : undefined)).find(Boolean)
  const input = inputs.get(original) ?? (original.input ? 'other' : undefined)
  return { op, ne, type, ...(weight !== undefined && { weight }), ...(input && { input }) }
}
