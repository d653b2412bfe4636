import type { Bytes, Tokens } from '../units.ts'

/** exl2: ExLlamaV2's format. exl3: ExLlamaV3's. Neither engine reads the other's. */
export type Exl2Format = 'exl2' | 'exl3'

/** A tensor without its place: what follows the module's key, its bytes in the file, its elements. */
export interface StoredTensor {
  readonly suffix: string
  readonly bytes: Bytes
  readonly elements: number
}

/** A matrix, or `count` of one shape: the same matrix of every expert. */
export interface Exl2Linear {
  /** Its key within the block (`self_attn.q_proj`), an expert's number replaced by `*`; empty for the output layer. */
  readonly role: string
  readonly count: number
  /** plain: not quantized. */
  readonly format: Exl2Format | 'plain'
  readonly inFeatures: number
  readonly outFeatures: number
  /** Sums over all `count` matrices. */
  readonly tensors: readonly StoredTensor[]
}

/** A part of the model: its matrices and its other tensors, nearly all norms. */
export interface Exl2Part {
  readonly bytes: Bytes
  readonly linears: readonly Exl2Linear[]
  /** One entry a module without a matrix; a norm's weight and bias are one. */
  readonly norms: readonly StoredTensor[]
}

export interface Exl2Block {
  readonly attention: Exl2Part
  readonly feedForward: Exl2Part
}

/** How the weights were quantized, as stated and as the tensors say. */
export interface Exl2Quantization {
  readonly format: Exl2Format
  /** Version of the converter. */
  readonly version?: string
  readonly statedBits?: number
  readonly statedHeadBits?: number
  /** Bits a weight over all quantized matrices of the blocks, scales and maps included. Exact. */
  readonly bits: number
  /** The same of the output layer; 16 where it is not quantized. Exact. */
  readonly headBits: number
  /** The least and the most that a matrix of the blocks takes: they differ where a measurement chose matrix by matrix. */
  readonly leastBits: number
  readonly mostBits: number
  readonly calibration?: { readonly rows: number; readonly length: number; readonly dataset?: string }
}

/** A model of an EXL2 or EXL3 folder as the planner sees it, as plain data that survives JSON. */
export interface Exl2Model {
  /** `architectures[0]` of `config.json`. */
  readonly architecture: string
  /** False where the engine's own list of architectures, as read, has no such entry: it then runs it as a Llama. */
  readonly described: boolean
  readonly quantization: Exl2Quantization
  readonly hiddenSize: number
  readonly blockCount: number
  readonly headCount: number
  /** One entry a block; 0 where the block keeps no keys. */
  readonly headCountKv: readonly number[]
  readonly headDim: number
  /** Width of the widest feed-forward matrix of each block; of one expert, where there are experts. */
  readonly feedForwardLength: readonly number[]
  readonly vocabSize: number
  readonly contextLengthTrained: Tokens
  readonly tiedEmbeddings: boolean
  /** 0 where there are none. */
  readonly expertCount: number
  readonly expertUsedCount: number
  /** 0 where there is none. */
  readonly slidingWindow: number
  /** Tables of sines and cosines a device keeps (`prepare_sincos`): 2 where windowed blocks turn by another base. */
  readonly ropeTables: number
  /** Bytes of one element of the residual stream. */
  readonly residualElementBytes: number
  /** Attention and feed-forward of a block are one module that loads as a whole. */
  readonly parallelBlocks: boolean
  readonly embedding: Exl2Part
  readonly blocks: readonly Exl2Block[]
  readonly outputNorm: Exl2Part
  /** The embedding's own table where no output matrix is stored. */
  readonly head: Exl2Part
  /** Tensors that the text model does not load: vision, projector, drafting blocks. */
  readonly otherBytes: Bytes
  /** Every tensor of every file. */
  readonly tensorBytes: Bytes
}

export type Exl2DescribeIssue =
  | { readonly code: 'missing-key'; readonly key: string }
  | { readonly code: 'bad-value'; readonly key: string; readonly value: string; readonly expected: string }
  | { readonly code: 'missing-tensor'; readonly tensor: string }
  | {
      readonly code: 'bad-shape'
      readonly tensor: string
      readonly shape: readonly number[]
      readonly expected: string
    }
  | { readonly code: 'not-exl2' }
  | { readonly code: 'mixed-formats' }
