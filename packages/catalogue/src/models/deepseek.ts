import { type CatalogueModel, catalogueModel, type ModelSpec } from '../catalogue-model.ts'
import { transformer } from '../hyperparameters.ts'
import { qwen25Shapes } from './qwen2.ts'

type Hyperparameters = ModelSpec['hyperparameters']

const deepseek = (spec: Omit<ModelSpec, 'publisher'>): CatalogueModel =>
  catalogueModel({ publisher: 'DeepSeek', ...spec })

/** The converter writes latent attention as multi-query attention over the compressed vector: one KV head. */
const latent = { headsKv: 1, head: 576, rotary: 64, epsilon: 1e-6, context: 163840, ropeBase: 10000 }
const latentLengths: Hyperparameters = {
  'attention.value_length': 512,
  'attention.kv_lora_rank': 512,
  'attention.key_length_mla': 192,
  'attention.value_length_mla': 128,
}
const yarn = (factor: number): Hyperparameters => ({
  'rope.scaling.type': 'yarn',
  'rope.scaling.factor': factor,
  'rope.scaling.original_context_length': 4096,
  'rope.scaling.yarn_log_multiplier': 0.1,
})

const v2Lite: Hyperparameters = {
  ...transformer({ ...latent, blocks: 27, embedding: 2048, feedForward: 10944, heads: 16, vocab: 102400 }),
  ...latentLengths,
  ...yarn(40),
  leading_dense_block_count: 1,
  expert_feed_forward_length: 1408,
  expert_count: 64,
  expert_used_count: 6,
  expert_shared_count: 2,
  expert_weights_scale: 1,
  expert_weights_norm: false,
  expert_gating_func: 1,
}

const wide = { ...latent, blocks: 61, embedding: 7168, feedForward: 18432 }
const wideExperts: Hyperparameters = {
  ...latentLengths,
  'attention.q_lora_rank': 1536,
  expert_feed_forward_length: 2048,
  expert_used_count: 8,
  expert_shared_count: 1,
  expert_weights_norm: true,
  expert_gating_func: 2,
}

const v3: Hyperparameters = {
  ...transformer({ ...wide, heads: 128, vocab: 129280 }),
  ...wideExperts,
  ...yarn(40),
  leading_dense_block_count: 3,
  expert_count: 256,
  expert_weights_scale: 2.5,
  expert_group_count: 8,
  expert_group_used_count: 4,
}

const mixtures: readonly CatalogueModel[] = [
  deepseek({
    id: 'deepseek-v2-lite',
    name: 'DeepSeek V2 Lite',
    family: 'DeepSeek V2',
    architecture: 'deepseek2',
    parameters: '15.7B',
    source: 'huggingface.co/deepseek-ai/DeepSeek-V2-Lite-Chat config.json',
    hyperparameters: v2Lite,
  }),
  deepseek({
    id: 'deepseek-coder-v2-lite',
    name: 'DeepSeek Coder V2 Lite',
    family: 'DeepSeek V2',
    architecture: 'deepseek2',
    parameters: '15.7B',
    source: 'huggingface.co/deepseek-ai/DeepSeek-Coder-V2-Lite-Instruct config.json',
    hyperparameters: v2Lite,
  }),
  deepseek({
    id: 'deepseek-v3-671b',
    name: 'DeepSeek V3 671B',
    family: 'DeepSeek V3',
    architecture: 'deepseek2',
    parameters: '671B',
    source: 'huggingface.co/deepseek-ai/DeepSeek-V3 config.json',
    hyperparameters: v3,
  }),
  deepseek({
    id: 'deepseek-r1-671b',
    name: 'DeepSeek R1 671B',
    family: 'DeepSeek R1',
    architecture: 'deepseek2',
    parameters: '671B',
    source: 'huggingface.co/deepseek-ai/DeepSeek-R1 config.json',
    hyperparameters: v3,
  }),
  deepseek({
    id: 'deepseek-v3.2-671b',
    name: 'DeepSeek V3.2 671B',
    family: 'DeepSeek V3',
    architecture: 'deepseek32',
    parameters: '672B',
    source: 'huggingface.co/deepseek-ai/DeepSeek-V3.2 config.json',
    hyperparameters: {
      ...v3,
      'attention.indexer.head_count': 64,
      'attention.indexer.key_length': 128,
      'attention.indexer.top_k': 2048,
    },
  }),
  catalogueModel({
    id: 'kimi-k2-1t',
    name: 'Kimi K2 1T-A32B',
    family: 'Kimi K2',
    publisher: 'Moonshot AI',
    architecture: 'deepseek2',
    parameters: '1026B',
    source: 'huggingface.co/moonshotai/Kimi-K2-Instruct config.json',
    hyperparameters: {
      ...transformer({ ...wide, heads: 64, vocab: 163840, context: 131072, ropeBase: 50000 }),
      ...wideExperts,
      ...yarn(32),
      leading_dense_block_count: 1,
      expert_count: 384,
      expert_weights_scale: 2.827,
      expert_group_count: 1,
      expert_group_used_count: 1,
    },
  }),
]

const qwenDistill = { head: 128, context: 131072, epsilon: 1e-6 }
const llamaDistill = { head: 128, headsKv: 8, vocab: 128256, context: 131072, ropeBase: 500000, epsilon: 1e-5 }
const { size1B, size7B, size14B, size32B } = qwen25Shapes

const distilled: readonly CatalogueModel[] = [
  deepseek({
    id: 'deepseek-r1-distill-qwen-1.5b',
    name: 'DeepSeek R1 Distill Qwen 1.5B',
    family: 'DeepSeek R1',
    architecture: 'qwen2',
    parameters: '1.78B',
    source: 'huggingface.co/deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B config.json',
    hyperparameters: transformer({ ...qwenDistill, ...size1B, vocab: 151936, ropeBase: 10000 }),
  }),
  deepseek({
    id: 'deepseek-r1-distill-qwen-7b',
    name: 'DeepSeek R1 Distill Qwen 7B',
    family: 'DeepSeek R1',
    architecture: 'qwen2',
    parameters: '7.62B',
    source: 'huggingface.co/deepseek-ai/DeepSeek-R1-Distill-Qwen-7B config.json',
    hyperparameters: transformer({ ...qwenDistill, ...size7B, vocab: 152064, ropeBase: 10000 }),
  }),
  deepseek({
    id: 'deepseek-r1-distill-llama-8b',
    name: 'DeepSeek R1 Distill Llama 8B',
    family: 'DeepSeek R1',
    architecture: 'llama',
    parameters: '8.03B',
    source: 'huggingface.co/deepseek-ai/DeepSeek-R1-Distill-Llama-8B config.json',
    hyperparameters: transformer({ ...llamaDistill, blocks: 32, embedding: 4096, feedForward: 14336, heads: 32 }),
    layout: { ropeFactors: 64 },
  }),
  deepseek({
    id: 'deepseek-r1-distill-qwen-14b',
    name: 'DeepSeek R1 Distill Qwen 14B',
    family: 'DeepSeek R1',
    architecture: 'qwen2',
    parameters: '14.8B',
    source: 'huggingface.co/deepseek-ai/DeepSeek-R1-Distill-Qwen-14B config.json',
    hyperparameters: transformer({ ...qwenDistill, ...size14B, vocab: 152064, ropeBase: 1000000, epsilon: 1e-5 }),
  }),
  deepseek({
    id: 'deepseek-r1-distill-qwen-32b',
    name: 'DeepSeek R1 Distill Qwen 32B',
    family: 'DeepSeek R1',
    architecture: 'qwen2',
    parameters: '32.8B',
    source: 'huggingface.co/deepseek-ai/DeepSeek-R1-Distill-Qwen-32B config.json',
    hyperparameters: transformer({ ...qwenDistill, ...size32B, vocab: 152064, ropeBase: 1000000, epsilon: 1e-5 }),
  }),
  deepseek({
    id: 'deepseek-r1-distill-llama-70b',
    name: 'DeepSeek R1 Distill Llama 70B',
    family: 'DeepSeek R1',
    architecture: 'llama',
    parameters: '70.6B',
    source: 'huggingface.co/deepseek-ai/DeepSeek-R1-Distill-Llama-70B config.json',
    hyperparameters: transformer({ ...llamaDistill, blocks: 80, embedding: 8192, feedForward: 28672, heads: 64 }),
    layout: { ropeFactors: 64 },
  }),
]

export const deepseekModels: readonly CatalogueModel[] = [...mixtures, ...distilled]
