import { type Bytes, bytes, padTo, sumBytes } from '../units.ts'
import { OUT_OF_FEED_FORWARD } from './describe.ts'
import type { Exl2Linear, Exl2Model, Exl2Part } from './model.ts'
import { oneTensor, type TensorRun } from './tensor-run.ts'

/** One entry of `ExLlamaV2.modules`: what is loaded, and placed, as a whole. */
export interface Exl2Module {
  readonly kind: 'embedding' | 'attention' | 'feed-forward' | 'experts' | 'parallel' | 'norm' | 'head'
  /** For kinds that a block has. */
  readonly block?: number
  /** `weight_footprint`: what the manual split counts, from the file. Exact. */
  readonly footprint: Bytes
  /** The tensors it leaves on its device once it is loaded. Exact. */
  readonly resident: readonly TensorRun[]
}

const HALF_BYTES = 2
/** `ExLlamaV2Linear` pads its outputs to a multiple of this. */
const OUTPUT_PADDING = 32

/** The modules of ExLlamaV2 in the order in which they run and load (`ExLlamaV2.__init__`, exllamav2/model.py). */
export function exl2Modules(model: Exl2Model): readonly Exl2Module[] {
  const { hiddenSize } = model
  const module = (kind: Exl2Module['kind'], parts: readonly Exl2Part[], block?: number): Exl2Module => ({
    kind,
    ...(block !== undefined && { block }),
    footprint: sumBytes(parts.map((part) => footprintOf(part, hiddenSize))),
    resident: parts.flatMap((part) => residentOf(part, kind)),
  })
  return [
    module('embedding', [model.embedding]),
    ...model.blocks.flatMap(({ attention, feedForward }, block) =>
      model.parallelBlocks
        ? [module('parallel', [attention, feedForward], block)]
        : [module('attention', [attention], block), module(feedForwardKind(feedForward), [feedForward], block)],
    ),
    module('norm', [model.outputNorm]),
    module('head', [model.head]),
  ]
}

export const isExperts = ({ linears }: Exl2Part): boolean => linears.some(({ role }) => role.includes('experts.*.'))

const feedForwardKind = (part: Exl2Part): 'experts' | 'feed-forward' => (isExperts(part) ? 'experts' : 'feed-forward')

/**
 * `weight_footprint`: a matrix by its data in the file (`ExLlamaV2Module.weight_footprint`), a norm as if it had a half
 * for every element of the residual stream, whatever it has (`ExLlamaV2RMSNorm`, `LayerNorm`, `HeadNorm`).
 */
const footprintOf = ({ linears, norms }: Exl2Part, hiddenSize: number): Bytes =>
  sumBytes([
    ...linears.flatMap(({ tensors }) => tensors.map((tensor) => tensor.bytes)),
    ...norms.map(() => bytes(hiddenSize * HALF_BYTES)),
  ])

const residentOf = ({ linears, norms }: Exl2Part, kind: Exl2Module['kind']): readonly TensorRun[] => [
  ...linears.flatMap((linear) => residentTensors(linear, kind)),
  ...norms.map(({ elements }) => oneTensor(bytes(elements * HALF_BYTES))),
]

/**
 * What loading a matrix leaves in memory. A quantized one (`make_q_matrix`, exllamav2/ext.py) keeps its tensors as they
 * are, but the permutation and its inverse in 16 bits, and adds a map of two 16-bit numbers an input. The matrix that
 * leads out of a plain feed-forward gives its permutation to the two that lead in (`load(unmap = True)`,
 * exllamav2/linear.py). One that is not quantized becomes halves, its outputs padded.
 */
function residentTensors(linear: Exl2Linear, kind: Exl2Module['kind']): readonly TensorRun[] {
  const { role, count, format, inFeatures, tensors } = linear
  const all = (byteCount: number): TensorRun => ({ bytes: bytes(byteCount / count), count })
  if (format === 'plain') {
    const bias = tensors.find(({ suffix }) => suffix === 'bias')
    return [
      all(count * inFeatures * paddedOutputs(linear) * HALF_BYTES),
      ...(bias ? [all(bias.elements * HALF_BYTES)] : []),
    ]
  }
  const kept = tensors.filter(({ suffix }) => suffix !== 'q_invperm' && suffix !== 'q_perm')
  const unmapped = (kind === 'feed-forward' || kind === 'parallel') && OUT_OF_FEED_FORWARD.test(role)
  const permutation = all(count * inFeatures * HALF_BYTES)
  return [
    ...kept.map((tensor) => all(tensor.bytes)),
    ...(unmapped ? [] : [permutation, permutation]),
    all(count * inFeatures * 2 * HALF_BYTES),
  ]
}

/** `out_features`: a quantized matrix was padded when it was made, and the one that chooses experts never is. */
export const paddedOutputs = ({ role, format, outFeatures }: Exl2Linear): number =>
  format === 'plain' && !/(?:^|\.)gate$/.test(role) ? padTo(outFeatures, OUTPUT_PADDING) : outFeatures
