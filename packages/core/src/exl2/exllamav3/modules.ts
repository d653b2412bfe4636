import { bytes, padTo } from '../../units.ts'
import type { Exl2Linear, Exl2Model, Exl2Part } from '../model.ts'
import { oneTensor, type TensorRun } from '../tensor-run.ts'

/** One entry of `Model.modules`: a block loads as a whole. */
export interface Exl3Module {
  readonly kind: 'embedding' | 'block' | 'norm' | 'head'
  readonly block?: number
  /** The tensors it leaves on its device once it is loaded. */
  readonly resident: readonly TensorRun[]
}

const HALF_BYTES = 2
/** `Linear` pads both sides of what is not quantized to a multiple of this. */
const PADDING = 128

/** The modules of ExLlamaV3 in the order in which they load (`LlamaModel.__init__`, exllamav3/architecture/llama.py). */
export const exl3Modules = (model: Exl2Model): readonly Exl3Module[] => [
  { kind: 'embedding', resident: residentOf(model.embedding, 1) },
  ...model.blocks.map(({ attention, feedForward }, block): Exl3Module => ({
    kind: 'block',
    block,
    resident: [...residentOf(attention, PADDING), ...residentOf(feedForward, PADDING)],
  })),
  { kind: 'norm', resident: residentOf(model.outputNorm, PADDING) },
  { kind: 'head', resident: residentOf(model.head, PADDING) },
]

const residentOf = ({ linears, norms }: Exl2Part, padding: number): readonly TensorRun[] => [
  ...linears.flatMap((linear) => residentTensors(linear, padding)),
  // Some norms stay as they are stored, some become halves: the larger of the two.
  ...norms.map((norm) => oneTensor(bytes(Math.max(norm.bytes, norm.elements * HALF_BYTES)))),
]

/**
 * What `Linear.load_exl3` and `LinearEXL3` keep (exllamav3/modules/linear.py, quant/exl3.py): the trellis as it is, a half
 * an input and an output for signs and scales, whether they are stored so (`suh`) or as bits (`su`); the codebook's
 * numbers stay in host memory. What is not quantized becomes halves, both sides padded.
 */
function residentTensors(linear: Exl2Linear, padding: number): readonly TensorRun[] {
  const { count, format, inFeatures, outFeatures, tensors } = linear
  const all = (byteCount: number): TensorRun => ({ bytes: bytes(byteCount), count })
  const bias = tensors.find(({ suffix }) => suffix === 'bias')
  const biases = bias === undefined ? [] : [all((bias.elements / count) * HALF_BYTES)]
  if (format === 'plain') return [all(padTo(inFeatures, padding) * padTo(outFeatures, padding) * HALF_BYTES), ...biases]
  const trellis = tensors.find(({ suffix }) => suffix === 'trellis')!
  return [all(trellis.bytes / count), all(inFeatures * HALF_BYTES), all(outFeatures * HALF_BYTES), ...biases]
}
