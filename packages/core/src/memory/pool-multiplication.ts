import { isQuantized } from '../header/ggml-type.ts'
import type { TensorInfo } from '../header/header.ts'
import { padTo } from '../units.ts'
import type { Product } from './product.ts'

/** The most streaming multiprocessors of a card so far (RTX PRO 6000 Blackwell: 188). */
export const MULTIPROCESSORS = 192

export type MultiplicationPath = 'quantized' | 'dequantized' | 'floating'

export interface Multiplication {
  readonly tensor: TensorInfo
  /** Columns of the batch; each goes through `expertsUsed` matrices of an expert tensor. */
  readonly tokens: number
  readonly expertsUsed: number
  readonly capability: number | undefined
}

/** `MMVQ_MAX_BATCH_SIZE`: up to here quantized weights are multiplied as vectors. */
const VECTOR_BATCH = 8
/** `MMQ_DP4A_MAX_BATCH_SIZE`: from here Volta prefers cuBLAS. */
const DP4A_BATCH = 64
const ROW_PADDING = 512
/** Bytes of q8_1 activations per element: 36 for every 32. */
const Q8_1 = 36 / 32
/** 128 columns of `block_q8_1_mmq`. */
const TILE_TAIL: Product = { what: 'tail of the last tile', factors: [128, 144] }
const FIX_UP: Product = { what: 'stream-k fix-up of every multiprocessor', factors: [MULTIPROCESSORS, 128, 128, 4] }
/** `ggml_cuda_should_use_mmq` names no kernel for these. */
const WITHOUT_MMQ: ReadonlySet<string> = new Set(['iq1_m', 'tq1_0', 'tq2_0', 'q8_1', 'q8_K'])

const isExpert = ({ shape, name }: TensorInfo): boolean => shape.length > 2 && name.includes('exps')

/** What is alive in the pool during one multiplication with a weight; upper bound over the kernels ggml-cuda may choose. */
export function multiplicationTemporaries(one: Multiplication): {
  readonly path: MultiplicationPath
  readonly products: readonly Product[]
} {
  if (!isQuantized(one.tensor.type)) return { path: 'floating', products: floating(one) }
  const asInteger = one.tokens <= VECTOR_BATCH || usesMmq(one)
  return asInteger
    ? { path: 'quantized', products: quantized(one) }
    : { path: 'dequantized', products: converted(one, fastHalf(one.capability) ? 2 : 4) }
}

/** `ggml_cuda_should_use_mmq` for NVIDIA: from Turing on always; before, by DP4A and by the batch. */
function usesMmq({ tensor, tokens, capability }: Multiplication): boolean {
  if (WITHOUT_MMQ.has(tensor.type)) return false
  if (capability === undefined || capability >= 7.5) return true
  if (capability < 6.1) return capability >= 6 && isExpert(tensor)
  return capability < 7 || tokens < DP4A_BATCH
}

/** `fast_fp16_hardware_available`: Pascal on, but not its consumer cards. */
const fastHalf = (capability: number | undefined): boolean =>
  capability === undefined || (capability >= 6 && capability !== 6.1)

const rowsOf = ({ tensor, tokens, expertsUsed }: Multiplication): number =>
  tokens * (isExpert(tensor) ? expertsUsed : 1)

function quantized(one: Multiplication): readonly Product[] {
  const rows = rowsOf(one)
  return [
    { what: 'activations in q8_1', factors: [rows, padTo(one.tensor.shape[0]!, ROW_PADDING), Q8_1] },
    TILE_TAIL,
    FIX_UP,
    ...(isExpert(one.tensor) ? [{ what: 'which expert has which row', factors: [3, rows, 4] }] : []),
  ]
}

/** Operands as the type cuBLAS computes in; experts are sorted in F32 first and multiplied one at a time. */
function converted(one: Multiplication, size: number): readonly Product[] {
  const [inner = 1, outer = 1] = one.tensor.shape
  return [
    { what: `the weight in ${size === 2 ? 'f16' : 'f32'}`, factors: [inner, outer, size] },
    ...(size === 4 ? [] : copies(one, size)),
    ...sorted(one),
  ]
}

/** Activations and result beside the weight, in the type that is computed in. */
const copies = (one: Multiplication, size: number): readonly Product[] => [
  { what: 'activations and result', factors: [rowsOf(one), innerAndOuter(one), size] },
]

const sorted = (one: Multiplication): readonly Product[] =>
  isExpert(one.tensor)
    ? [{ what: 'activations and result by expert', factors: [rowsOf(one), innerAndOuter(one), 4] }]
    : []

const innerAndOuter = ({ tensor: { shape } }: Multiplication): number => (shape[0] ?? 1) + (shape[1] ?? 1)

function floating(one: Multiplication): readonly Product[] {
  const { tensor, capability } = one
  if (tensor.type === 'f32' || tensor.type === 'f64') return sorted(one)
  const native = tensor.type === 'bf16' ? capability === undefined || capability >= 8 : fastHalf(capability)
  return native ? [...copies(one, 2), ...sorted(one)] : converted(one, 4)
}
