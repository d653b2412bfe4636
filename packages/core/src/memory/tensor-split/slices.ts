import { GGML_TYPES, type GgmlType } from '../../header/ggml-type.ts'
import type { Model } from '../../model/model.ts'
import { ssmSizes } from '../../context/recurrent.ts'
import { roleOf, type SplitRole } from './roles.ts'

/** A tensor, or a stand-in for one of the cache's, to be cut over devices. */
export interface SplitTensor {
  readonly stem: string
  readonly shape: readonly number[]
  readonly type: GgmlType
  /** Its block; absent for global tensors. */
  readonly il?: number
}

export interface Slices {
  readonly axis: 0 | 1
  /** Elements along the axis, one count a device. */
  readonly elements: readonly number[]
}

export interface SplitOver {
  readonly deviceCount: number
  /** `-ts`; empty for equal shares. */
  readonly shares: readonly number[]
}

/** `n` elements that repeat `times` times and are cut alike. */
interface Segment {
  readonly n: number
  readonly times: number
}

/**
 * How a tensor is cut in split mode tensor, or undefined where every device holds all of it.
 * Mirrors `llama_meta_device_get_split_state` (llama-model.cpp, llama.cpp 0.5.0-dev). Exact.
 */
export function slicesOf(model: Model, tensor: SplitTensor, { deviceCount, shares }: SplitOver): Slices | undefined {
  const found = model.tensorSplit === 'mirrored' ? undefined : roleOf(tensor.stem)
  if (!found || isMirrored(model, tensor, found.role)) return undefined
  const { role, axis, follows } = found
  const followed = follows.map((name) => model.tensors.get(`blk.${tensor.il}.${name}`)).find(Boolean)
  const { blockElements } = GGML_TYPES[followed?.type ?? tensor.type]
  const segments = segmentsOf(model, tensor, role, tensor.shape[axis] ?? 1)
  const steps = granularityOf(model, { tensor, role, blockElements, deviceCount })
  const rotation = rotationOf(model, tensor.il) % deviceCount
  const elements = Array.from({ length: deviceCount }, () => 0)
  const bounds = cumulatedShares(shares, deviceCount, rotation)
  segments.forEach(({ n, times }, index) => {
    let low = 0
    for (let position = 0; position < deviceCount; position++) {
      const high =
        position === deviceCount - 1 ? n : cut(n, { position, deviceCount, bounds }, steps[index] ?? steps[0]!)
      elements[(position + rotation) % deviceCount]! += (high - low) * times
      low = high
    }
  })
  return { axis, elements }
}

function isMirrored(model: Model, { shape }: SplitTensor, role: SplitRole): boolean {
  if (role === 'head-norm') return (shape[1] ?? 1) === 1
  return (role === 'conv-state' || role === 'net-state') && model.tensorSplit === 'mirrored-states'
}

/** Remainders go to another device in every block of a kind, so that they even out. */
function rotationOf(model: Model, il: number | undefined): number {
  if (il === undefined) return model.runBlockCount
  const recurrent = model.contexts[il]?.kind === 'recurrent'
  let before = 0
  for (let block = 0; block < il; block++) {
    if ((model.contexts[block]?.kind === 'recurrent') === recurrent && model.windowed[block] === model.windowed[il])
      before++
  }
  return before
}

function cumulatedShares(shares: readonly number[], deviceCount: number, rotation: number): readonly number[] {
  let sum = 0
  return Array.from({ length: deviceCount }, (_, position) => {
    sum = Math.fround(sum + Math.fround(shares[(position + rotation) % deviceCount] ?? 0))
    return sum
  })
}

interface CutAt {
  readonly position: number
  readonly deviceCount: number
  readonly bounds: readonly number[]
}

/** Float32 where there are shares, whole numbers where there are none; then down to a whole step. */
function cut(n: number, { position, deviceCount, bounds }: CutAt, step: number): number {
  const total = bounds.at(-1)!
  const at =
    total === 0
      ? Math.floor((n * (position + 1)) / deviceCount)
      : Math.trunc(Math.fround(Math.fround(Math.fround(n) * bounds[position]!) / total))
  return at - (at % step)
}

function segmentsOf(model: Model, { il = 0 }: SplitTensor, role: SplitRole, n: number): readonly Segment[] {
  const recurrent = model.contexts[il]?.kind === 'recurrent'
  const whole = [{ n, times: 1 }]
  if (role === 'ffn-fused-in') return [{ n: n / 2, times: 2 }]
  if (model.tensorSplit === 'qwen3next' || model.tensorSplit === 'qwen35') {
    if (!recurrent && role === 'fused-qkv') return fusedSegments(model, il, 2)
    return (recurrent && netSegments(model, role)) || whole
  }
  if (role === 'fused-qkv') return fusedSegments(model, il, 1)
  const feedForward = model.feedForwardLength[il] ?? 0
  // Phi 3 keeps gate and up in one matrix under the name of the second.
  return role === 'ffn-in' && feedForward > 0 && n === 2 * feedForward ? [{ n: feedForward, times: 2 }] : whole
}

const fusedSegments = (model: Model, il: number, perQuery: number): readonly Segment[] => [
  { n: model.headCount[il]! * model.keyLength * perQuery, times: 1 },
  { n: model.headCountKv[il]! * model.valueLength, times: 2 },
]

/** Gated delta nets: keys before values, or values grouped by key head. */
function netSegments(model: Model, role: SplitRole): readonly Segment[] | undefined {
  const { state: headSize, groups: keyHeads, timeStep: valueHeads, convolution } = ssmSizes(model)
  const keys = headSize * keyHeads
  const values = headSize * valueHeads
  const past = role === 'conv-state' ? convolution - 1 : 1
  if (model.tensorSplit === 'qwen3next') {
    const mixed = role === 'fused-qkv' || role === 'conv-kernel' || role === 'conv-state'
    return mixed
      ? [
          { n: keys * past, times: 2 },
          { n: values * past, times: 1 },
        ]
      : undefined
  }
  const ratio = Math.floor(valueHeads / keyHeads)
  switch (role) {
    case 'fused-qkv':
    case 'conv-kernel':
    case 'conv-state':
      return [{ n: keys * past, times: 2 + ratio }]
    case 'attention-gate':
    case 'net-out':
      return [{ n: keys, times: ratio }]
    case 'step-bias':
    case 'step-matrix':
      return [{ n: keyHeads, times: ratio }]
    case 'net-state':
      return [{ n: keyHeads * headSize * headSize, times: ratio }]
    default:
      return undefined
  }
}

interface Granular {
  readonly tensor: SplitTensor
  readonly role: SplitRole
  readonly blockElements: number
  readonly deviceCount: number
}

/** Kernels run best on runs of 128 elements. */
const PERFORMANCE_RUN = 128

/** The step each segment is cut in, one number a segment or one for all. */
function granularityOf(model: Model, part: Granular): readonly number[] {
  const { role, blockElements } = part
  if (role === 'ffn-in' || role === 'ffn-fused-in' || role === 'ffn-down')
    return [leastCommonMultiple(blockElements, PERFORMANCE_RUN)]
  if (role === 'output' || role === 'head-norm') return [1]
  return model.contexts[part.tensor.il ?? 0]?.kind === 'recurrent'
    ? [netGranularity(model, part)]
    : attentionGranularity(model, part)
}

function netGranularity(model: Model, { role, blockElements }: Granular): number {
  const { state, convolution } = ssmSizes(model)
  const headSize = state || 1
  const step = leastCommonMultiple(leastCommonMultiple(blockElements, PERFORMANCE_RUN), headSize)
  switch (role) {
    case 'step-bias':
    case 'step-matrix':
      return step / headSize
    case 'packed-step':
      return (2 * step) / headSize
    case 'conv-state':
      return step * (convolution - 1)
    case 'net-state':
      return step * headSize
    default:
      return step
  }
}

function attentionGranularity(model: Model, { tensor, role, blockElements, deviceCount }: Granular): readonly number[] {
  const il = tensor.il ?? 0
  const headSize = (model.windowed[il] ? model.keyLengthSwa : model.keyLength) || 1
  const heads = model.headCount[il]!
  const groupSize = model.headCountKv[il]! > 0 ? Math.floor(heads / model.headCountKv[il]!) : 1
  const groupElements = groupSize * headSize
  let run = blockElements
  while (run < PERFORMANCE_RUN && run * deviceCount < groupElements) run *= 2
  const step = leastCommonMultiple(groupElements, run)
  const gatedQuery = model.tensorSplit === 'qwen3next' || model.tensorSplit === 'qwen35'
  const queryStep = gatedQuery ? leastCommonMultiple(2 * groupElements, run) : step
  switch (role) {
    case 'sinks':
      return [step / headSize]
    case 'query':
      return [queryStep]
    case 'attention-gate':
      return [tensor.shape[1] === heads ? step / headSize : step]
    case 'key-value':
    case 'cache':
      return [step / groupSize]
    case 'fused-qkv':
      return [queryStep, step / groupSize]
    default:
      return [step]
  }
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y !== 0) [x, y] = [y, x % y]
  return (a / x) * b
}
