import { cudaMultiplies } from '../graph/cuda.ts'
import { type GgmlType, isQuantized } from '../header/ggml-type.ts'
import type { HeaderFacts } from '../header/facts.ts'
import { blockOfTensor } from '../header/tensor-names.ts'
import type { ModelShape } from './model.ts'

/**
 * Equal for models whose graphs cost the same compute buffers wherever all their weights lie on devices: files of one
 * model that differ only in how its matrices are quantized. What a graph asks of a weight then is its shape, and whether
 * its type has kernels; its bytes count only where it is uploaded from the host.
 */
export function graphKeyOf(shape: ModelShape, blockKinds: readonly string[], { header }: HeaderFacts): string {
  const prefix = `${shape.architecture}.`
  const hyperparameters = Object.entries(header.metadata).filter(([key]) => key.startsWith(prefix))
  const kinds = [...new Set(blockKinds)]
  const globals = header.tensors.filter(({ name }) => blockOfTensor(name) === undefined)
  return JSON.stringify([
    shape.architecture,
    hyperparameters,
    kinds,
    blockKinds.map((kind) => kinds.indexOf(kind)),
    globals.map(({ name, shape: ne }) => `${name}:${ne}`),
    header.tensors.map(({ type }) => classOf(type)).join(),
  ])
}

/** Types that no operation of a graph tells apart. */
const classOf = (type: GgmlType): string => (isQuantized(type) && cudaMultiplies(type) && !isPicky(type) ? 'q' : type)

/** `GET_ROWS` of CUDA takes them in some widths only. */
const isPicky = (type: GgmlType): boolean => type === 'iq4_nl' || type === 'mxfp4'
