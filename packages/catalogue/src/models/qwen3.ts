import { type CatalogueModel, catalogueModel, type ModelSpec } from '../catalogue-model.ts'
import { transformer } from '../hyperparameters.ts'

const qwen = (spec: Omit<ModelSpec, 'publisher'>): CatalogueModel => catalogueModel({ publisher: 'Alibaba', ...spec })

const qwen3 = { head: 128, vocab: 151936, context: 40960, ropeBase: 1000000, epsilon: 1e-6 }
/** The releases of July 2025 and the coders were trained for long context. */
const long = { context: 262144, ropeBase: 10000000 }

const size4B = { blocks: 36, embedding: 2560, feedForward: 9728, heads: 32, headsKv: 8 }
const size30B = { blocks: 48, embedding: 2048, heads: 32, headsKv: 4 }
const size235B = { blocks: 94, embedding: 4096, feedForward: 12288, heads: 64, headsKv: 4 }
const experts128 = { expert_count: 128, expert_used_count: 8 }

const dense: readonly CatalogueModel[] = [
  qwen({
    id: 'qwen3-0.6b',
    name: 'Qwen3 0.6B',
    family: 'Qwen3',
    architecture: 'qwen3',
    parameters: '0.596B',
    source: 'huggingface.co/Qwen/Qwen3-0.6B config.json',
    hyperparameters: transformer({ ...qwen3, blocks: 28, embedding: 1024, feedForward: 3072, heads: 16, headsKv: 8 }),
    layout: { tied: true },
  }),
  qwen({
    id: 'qwen3-1.7b',
    name: 'Qwen3 1.7B',
    family: 'Qwen3',
    architecture: 'qwen3',
    parameters: '1.72B',
    source: 'huggingface.co/Qwen/Qwen3-1.7B config.json',
    hyperparameters: transformer({ ...qwen3, blocks: 28, embedding: 2048, feedForward: 6144, heads: 16, headsKv: 8 }),
    layout: { tied: true },
  }),
  qwen({
    id: 'qwen3-4b',
    name: 'Qwen3 4B',
    family: 'Qwen3',
    architecture: 'qwen3',
    parameters: '4.02B',
    source: 'huggingface.co/Qwen/Qwen3-4B config.json',
    hyperparameters: transformer({ ...qwen3, ...size4B }),
    layout: { tied: true },
  }),
  qwen({
    id: 'qwen3-8b',
    name: 'Qwen3 8B',
    family: 'Qwen3',
    architecture: 'qwen3',
    parameters: '8.19B',
    source: 'huggingface.co/Qwen/Qwen3-8B config.json',
    hyperparameters: transformer({ ...qwen3, blocks: 36, embedding: 4096, feedForward: 12288, heads: 32, headsKv: 8 }),
  }),
  qwen({
    id: 'qwen3-14b',
    name: 'Qwen3 14B',
    family: 'Qwen3',
    architecture: 'qwen3',
    parameters: '14.8B',
    source: 'huggingface.co/Qwen/Qwen3-14B config.json',
    hyperparameters: transformer({ ...qwen3, blocks: 40, embedding: 5120, feedForward: 17408, heads: 40, headsKv: 8 }),
  }),
  qwen({
    id: 'qwen3-32b',
    name: 'Qwen3 32B',
    family: 'Qwen3',
    architecture: 'qwen3',
    parameters: '32.8B',
    source: 'huggingface.co/Qwen/Qwen3-32B config.json',
    hyperparameters: transformer({ ...qwen3, blocks: 64, embedding: 5120, feedForward: 25600, heads: 64, headsKv: 8 }),
  }),
]

const experts: readonly CatalogueModel[] = [
  qwen({
    id: 'qwen3-30b-a3b',
    name: 'Qwen3 30B-A3B',
    family: 'Qwen3',
    architecture: 'qwen3moe',
    parameters: '30.5B',
    source: 'huggingface.co/Qwen/Qwen3-30B-A3B config.json',
    hyperparameters: {
      ...transformer({ ...qwen3, ...size30B, feedForward: 6144 }),
      ...experts128,
      expert_feed_forward_length: 768,
    },
  }),
  qwen({
    id: 'qwen3-30b-a3b-2507',
    name: 'Qwen3 30B-A3B 2507',
    family: 'Qwen3',
    architecture: 'qwen3moe',
    parameters: '30.5B',
    source: 'huggingface.co/Qwen/Qwen3-30B-A3B-Instruct-2507 config.json',
    hyperparameters: {
      ...transformer({ ...qwen3, ...long, ...size30B, feedForward: 6144 }),
      ...experts128,
      expert_feed_forward_length: 768,
    },
  }),
  qwen({
    id: 'qwen3-coder-30b-a3b',
    name: 'Qwen3 Coder 30B-A3B',
    family: 'Qwen3',
    architecture: 'qwen3moe',
    parameters: '30.5B',
    source: 'huggingface.co/Qwen/Qwen3-Coder-30B-A3B-Instruct config.json',
    hyperparameters: {
      ...transformer({ ...qwen3, ...long, ...size30B, feedForward: 5472 }),
      ...experts128,
      expert_feed_forward_length: 768,
    },
  }),
  qwen({
    id: 'qwen3-235b-a22b',
    name: 'Qwen3 235B-A22B',
    family: 'Qwen3',
    architecture: 'qwen3moe',
    parameters: '235B',
    source: 'huggingface.co/Qwen/Qwen3-235B-A22B config.json',
    hyperparameters: { ...transformer({ ...qwen3, ...size235B }), ...experts128, expert_feed_forward_length: 1536 },
  }),
  qwen({
    id: 'qwen3-coder-480b-a35b',
    name: 'Qwen3 Coder 480B-A35B',
    family: 'Qwen3',
    architecture: 'qwen3moe',
    parameters: '480B',
    source: 'huggingface.co/Qwen/Qwen3-Coder-480B-A35B-Instruct config.json',
    hyperparameters: {
      ...transformer({ ...qwen3, ...long, blocks: 62, embedding: 6144, feedForward: 8192, heads: 96, headsKv: 8 }),
      expert_count: 160,
      expert_used_count: 8,
      expert_feed_forward_length: 2560,
    },
  }),
]

export const qwen3Models: readonly CatalogueModel[] = [...dense, ...experts]
