import { transformer } from '../../graph/builder/transformer.ts'
import type { Architecture } from './architecture.ts'

/** src/models/llama.cpp and those that differ from it in tensors only: biases, q and k norms, experts, fused matrices. */
export const llama: Architecture = {
  names: [
    'llama',
    'mistral3',
    'qwen2',
    'qwen3',
    'qwen3moe',
    'internlm2',
    'xverse',
    'ernie4_5',
    'granitemoe',
    'bailingmoe2',
    'qwen',
    'exaone',
  ],
  graph: transformer(),
}
