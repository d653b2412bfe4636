import type { FolderShape } from '../made-folder.ts'

/** Smaug-34B-v0.1 at 3.0 bits a weight with a head of 6: the shape of Yi-34B with a context of 200,000 tokens. */
export const SMAUG_34B: FolderShape = {
  architecture: 'LlamaForCausalLM',
  blocks: 60,
  hidden: 7168,
  heads: 56,
  keyHeads: 8,
  headDim: 128,
  feedForward: 20_480,
  vocab: 64_000,
  positions: 200_000,
  bits: 3,
  headBits: 6,
}

/** The shape of Qwen3-235B-A22B: 128 experts in each of 94 blocks, more than 200,000 tensors. */
export const QWEN3_235B: FolderShape = {
  architecture: 'Qwen3MoeForCausalLM',
  blocks: 94,
  hidden: 4096,
  heads: 64,
  keyHeads: 4,
  headDim: 128,
  feedForward: 1536,
  vocab: 151_936,
  positions: 40_960,
  bits: 4,
  headBits: 6,
  experts: 128,
  expertsUsed: 8,
}
