import { type CatalogueModel, catalogueModel, type ModelSpec } from '../catalogue-model.ts'
import { transformer } from '../hyperparameters.ts'

const qwen = (spec: Omit<ModelSpec, 'publisher'>): CatalogueModel => catalogueModel({ publisher: 'Alibaba', ...spec })

const hybrid = { head: 256, rotary: 64, context: 262144, ropeBase: 10000000, epsilon: 1e-6 }
const deltaNet = (heads: number): ModelSpec['hyperparameters'] => ({
  'ssm.conv_kernel': 4,
  'ssm.state_size': 128,
  'ssm.group_count': 16,
  'ssm.time_step_rank': heads,
  'ssm.inner_size': 128 * heads,
  full_attention_interval: 4,
})
const qwen3Next: ModelSpec['hyperparameters'] = {
  ...transformer({ ...hybrid, blocks: 48, embedding: 2048, feedForward: 5120, heads: 16, headsKv: 2, vocab: 151936 }),
  ...deltaNet(32),
  expert_count: 512,
  expert_used_count: 10,
  expert_feed_forward_length: 512,
  expert_shared_feed_forward_length: 512,
}
const qwen35 = { ...hybrid, vocab: 248320 }
const imageSections = { 'rope.dimension_sections': [11, 11, 10, 0] }

/** The two large ones differ in these four. */
const largeMixture = (size: {
  readonly blocks: number
  readonly embedding: number
  readonly experts: number
  readonly expertsUsed: number
}): ModelSpec['hyperparameters'] => ({
  ...transformer({
    ...qwen35,
    blocks: size.blocks,
    embedding: size.embedding,
    feedForward: 1024,
    heads: 32,
    headsKv: 2,
  }),
  ...imageSections,
  ...deltaNet(64),
  expert_count: size.experts,
  expert_used_count: size.expertsUsed,
  expert_feed_forward_length: 1024,
  expert_shared_feed_forward_length: 1024,
})

export const qwenHybridModels: readonly CatalogueModel[] = [
  qwen({
    id: 'qwen3-next-80b-a3b',
    name: 'Qwen3 Next 80B-A3B',
    family: 'Qwen3 Next',
    architecture: 'qwen3next',
    parameters: '79.7B',
    source: 'huggingface.co/Qwen/Qwen3-Next-80B-A3B-Instruct config.json',
    hyperparameters: qwen3Next,
  }),
  qwen({
    id: 'qwen3-coder-next-80b-a3b',
    name: 'Qwen3 Coder Next 80B-A3B',
    family: 'Qwen3 Next',
    architecture: 'qwen3next',
    parameters: '79.7B',
    source: 'huggingface.co/Qwen/Qwen3-Coder-Next config.json',
    hyperparameters: qwen3Next,
  }),
  ...['3.5', '3.6', '3.8'].map((version) =>
    qwen({
      id: `qwen${version}-27b`,
      name: `Qwen${version} 27B`,
      family: `Qwen${version}`,
      architecture: 'qwen35',
      parameters: '26.9B',
      source: `huggingface.co/Qwen/Qwen${version}-27B config.json, text part`,
      hyperparameters: {
        ...transformer({ ...qwen35, blocks: 64, embedding: 5120, feedForward: 17408, heads: 24, headsKv: 4 }),
        ...imageSections,
        ...deltaNet(48),
      },
    }),
  ),
  ...['3.5', '3.6'].map((version) =>
    qwen({
      id: `qwen${version}-35b-a3b`,
      name: `Qwen${version} 35B-A3B`,
      family: `Qwen${version}`,
      architecture: 'qwen35moe',
      parameters: '34.7B',
      source: `huggingface.co/Qwen/Qwen${version}-35B-A3B config.json, text part`,
      hyperparameters: {
        ...transformer({ ...qwen35, blocks: 40, embedding: 2048, feedForward: 512, heads: 16, headsKv: 2 }),
        ...imageSections,
        ...deltaNet(32),
        expert_count: 256,
        expert_used_count: 8,
        expert_feed_forward_length: 512,
        expert_shared_feed_forward_length: 512,
      },
    }),
  ),
  qwen({
    id: 'qwen3.5-122b-a10b',
    name: 'Qwen3.5 122B-A10B',
    family: 'Qwen3.5',
    architecture: 'qwen35moe',
    parameters: '122B',
    source: 'huggingface.co/Qwen/Qwen3.5-122B-A10B config.json, text part',
    hyperparameters: largeMixture({ blocks: 48, embedding: 3072, experts: 256, expertsUsed: 8 }),
  }),
  qwen({
    id: 'qwen3.5-397b-a17b',
    name: 'Qwen3.5 397B-A17B',
    family: 'Qwen3.5',
    architecture: 'qwen35moe',
    parameters: '396B',
    source: 'huggingface.co/Qwen/Qwen3.5-397B-A17B config.json, text part',
    hyperparameters: largeMixture({ blocks: 60, embedding: 4096, experts: 512, expertsUsed: 10 }),
  }),
]
