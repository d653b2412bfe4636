import { type Bytes, bytes, sumBytes } from '../units.ts'
import type { Exl2Model, Exl2Part } from './model.ts'

/** What a list of models shows of one. */
export interface Exl2Summary {
  /** Weights of every matrix, norm and table of the text model; a shared table once. Exact. */
  readonly parameterCount: number
  /** Everything stored for the text model. Exact. */
  readonly weightBytes: Bytes
  /** `EXL2 4.00 bpw`: the bits that the matrices of the blocks take. */
  readonly type: string
}

export function exl2Summary(model: Exl2Model): Exl2Summary {
  const { embedding, blocks, outputNorm, head, quantization } = model
  const weightBytes = bytes(model.tensorBytes - model.otherBytes)
  const others = [embedding, outputNorm, ...blocks.flatMap(({ attention, feedForward }) => [attention, feedForward])]
  // Where no output matrix is stored, the head is the embedding's own table.
  const isShared = sumBytes(others.map((part) => part.bytes)) === weightBytes
  return {
    parameterCount: (isShared ? others : [...others, head]).reduce((sum, part) => sum + weightsOf(part), 0),
    weightBytes,
    type: `${quantization.format.toUpperCase()} ${quantization.bits.toFixed(2)} bpw`,
  }
}

const weightsOf = ({ linears, norms }: Exl2Part): number =>
  linears.reduce((sum, { count, inFeatures, outFeatures }) => sum + count * inFeatures * outFeatures, 0) +
  norms.reduce((sum, { elements }) => sum + elements, 0)
