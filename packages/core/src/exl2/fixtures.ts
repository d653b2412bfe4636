import { describeExl2 } from './describe.ts'
import { folderOf, type FolderShape } from './made-folder.ts'
import type { Exl2Model } from './model.ts'

/** Look-alikes of published folders, made from their hyperparameters; no one's file. */

export const LLAMA_3_8B: FolderShape = {
  architecture: 'LlamaForCausalLM',
  blocks: 32,
  hidden: 4096,
  heads: 32,
  keyHeads: 8,
  headDim: 128,
  feedForward: 14_336,
  vocab: 128_256,
  positions: 8192,
  bits: 4,
  headBits: 6,
}

export const LLAMA_3_70B: FolderShape = {
  ...LLAMA_3_8B,
  blocks: 80,
  hidden: 8192,
  heads: 64,
  feedForward: 28_672,
}

export const MIXTRAL_8X7B: FolderShape = {
  ...LLAMA_3_8B,
  architecture: 'MixtralForCausalLM',
  vocab: 32_000,
  positions: 32_768,
  experts: 8,
  expertsUsed: 2,
}

export const TINY: FolderShape = {
  architecture: 'LlamaForCausalLM',
  blocks: 2,
  hidden: 256,
  heads: 4,
  keyHeads: 2,
  headDim: 64,
  feedForward: 512,
  vocab: 320,
  positions: 512,
  bits: 4,
  headBits: 8,
}

export const modelOf = (shape: FolderShape, format: 'exl2' | 'exl3' = 'exl2'): Exl2Model => {
  const described = describeExl2(folderOf(shape, format))
  if (!described.ok) throw new Error(described.issue.code)
  return described.value
}
