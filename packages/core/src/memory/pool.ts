import { contextShape } from '../context/shape.ts'
import { OFFLOAD_MIN_BATCH } from '../graph/assign.ts'
import type { TensorInfo } from '../header/header.ts'
import type { Model } from '../model/model.ts'
import { type Bytes, bytes } from '../units.ts'
import { behaviourOf } from './behaviour.ts'
import { flashAttentionTemporaries } from './pool-attention.ts'
import { multiplicationTemporaries, type MultiplicationPath } from './pool-multiplication.ts'
import { largestProducts, type Product, productsBytes } from './product.ts'
import type { RunSettings } from './settings.ts'

/** Temporaries of one operation on a CUDA device; operations run one after the other, so the pool holds the largest. */
export interface PoolTerm {
  readonly name: string
  readonly bytes: Bytes
  readonly source: string
  /** What `bytes` is the sum of. */
  readonly products: readonly Product[]
}

export interface PoolInput {
  readonly model: Model
  readonly settings: RunSettings
  readonly flashAttention: boolean
  /** Compute capability; undefined is taken for Turing or later. */
  readonly capability: number | undefined
  /** As in `OverheadInput`. */
  readonly holdsOutput: boolean
}

/** Every operation's temporaries by the first prompt: `ggml_cuda_pool_alloc` in ggml-cuda (ggml 0.25.1). Upper bounds. */
export const poolTerms = (input: PoolInput): readonly PoolTerm[] =>
  [...multiplicationTerms(input), ...attentionTerms(input)].filter(({ bytes }) => bytes > 0)

const term = (name: string, products: readonly Product[], source: string): PoolTerm => ({
  name,
  bytes: bytes(Math.ceil(productsBytes(products))),
  source,
  products,
})

const paths = {
  quantized: ['quantized activations', 'ggml_cuda_mul_mat_q: q8_1 activations and the stream-k fix-up'],
  dequantized: ['dequantized weights', 'ggml_cuda_mul_mat_cublas: no MMQ kernel, the weight in floating point'],
  floating: ['floating-point copies', 'ggml_cuda_mul_mat_cublas: operands in the type it computes in'],
} as const satisfies Record<MultiplicationPath, readonly [string, string]>

function multiplicationTerms(input: PoolInput): readonly PoolTerm[] {
  const largest: Record<MultiplicationPath, readonly Product[]> = { quantized: [], dequantized: [], floating: [] }
  const shape = contextShape(input.model, input.settings)
  for (const tensor of distinctTensors(input.model)) {
    const tokens = tokensThrough(tensor, input, shape)
    if (tokens === 0 || tensor.shape.length < 2) continue
    const { path, products } = multiplicationTemporaries({
      tensor,
      tokens,
      expertsUsed: Math.max(1, input.model.expertUsedCount),
      capability: input.capability,
    })
    largest[path] = largestProducts([largest[path], products])
  }
  return Object.entries(paths).map(([path, [name, source]]) => term(name, largest[path as MultiplicationPath], source))
}

/** Blocks of a kind hold the same shapes, so one of each says it all; and what lies outside the blocks. */
function distinctTensors({ blockKinds, blockTensors, tensors }: Model): readonly TensorInfo[] {
  const kinds = [...new Set(blockKinds)].flatMap((kind) => blockTensors[blockKinds.indexOf(kind)]!)
  const outside = ['output.weight', 'token_embd.weight'].flatMap((name) => tensors.get(name) ?? [])
  return [...kinds, ...outside]
}

/** Columns of the batch that a weight is multiplied with: a ubatch in the blocks, the asked-for rows in the output layer. */
function tokensThrough(tensor: TensorInfo, input: PoolInput, shape: ReturnType<typeof contextShape>): number {
  if (tensor.name.startsWith('blk.')) return shape.promptTokens
  const isTied = !input.model.tensors.has('output.weight')
  if (tensor.name !== (isTied ? 'token_embd.weight' : 'output.weight')) return 0
  const rows = Math.max(shape.promptOutputs, shape.sequences)
  const isHostOnly = isTied && input.settings.tiedOutputOnHost && rows < OFFLOAD_MIN_BATCH
  return input.holdsOutput && !isHostOnly ? rows : 0
}

function attentionTerms(input: PoolInput): readonly PoolTerm[] {
  const { model } = input
  const shape = contextShape(model, input.settings)
  const heads = Math.max(0, ...model.headCount)
  if (heads === 0) return []
  const valueLength = Math.max(model.valueLength, model.valueLengthSwa)
  const keyLength = Math.max(model.keyLength, model.keyLengthSwa)
  const rows = shape.contextPerSequence * shape.streams * Math.max(...model.headCountKv)
  if (input.flashAttention) {
    const partials = flashAttentionTemporaries({ capability: input.capability, heads, valueLength, shape })
    const copies = convertedCache(input.settings, rows, { keyLength, valueLength })
    if (productsBytes(copies) > 0)
      return [term('converted cache', [...partials, ...copies], 'launch_fattn: K_f16, V_f16 and partial results')]
    return [term('attention partials', partials, 'launch_fattn: stream-k fix-up and partial results')]
  }
  const keys: Product = { what: 'K in f32', factors: [rows, keyLength, 4] }
  const scores: readonly Product[] = [
    { what: 'KQ in f16', factors: [shape.contextPerSequence, shape.promptTokens, heads, 2] },
    { what: 'its result in f16', factors: [valueLength, shape.promptTokens, heads, 2] },
  ]
  const source = 'without flash attention: K as F32; then KQ and its result as F16'
  return [term('attention scores', largestProducts([[keys], scores]), source)]
}

/** F16 copies of one block's K and V, as builds make them that reserve no room for them in the compute buffer. */
function convertedCache(
  { cacheTypeK, cacheTypeV, llamaCppBuild }: RunSettings,
  rows: number,
  lengths: { readonly keyLength: number; readonly valueLength: number },
): readonly Product[] {
  if (behaviourOf(llamaCppBuild).reservesConvertedCache) return []
  return [
    ...(cacheTypeK === 'f16' ? [] : [{ what: 'K in f16', factors: [rows, lengths.keyLength, 2] }]),
    ...(cacheTypeV === 'f16' ? [] : [{ what: 'V in f16', factors: [rows, lengths.valueLength, 2] }]),
  ]
}
