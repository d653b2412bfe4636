import { type CatalogueModel, catalogueModel, type ModelSpec } from '../catalogue-model.ts'
import { transformer } from '../hyperparameters.ts'

const meta = (spec: Omit<ModelSpec, 'publisher' | 'architecture'> & { architecture?: 'llama4' }): CatalogueModel =>
  catalogueModel({ publisher: 'Meta', architecture: 'llama', ...spec })

const llama2 = { head: 128, vocab: 32000, context: 4096, ropeBase: 10000, epsilon: 1e-5 }
const llama3 = { head: 128, headsKv: 8, vocab: 128256, context: 8192, ropeBase: 500000, epsilon: 1e-5 }
const llama31 = { ...llama3, context: 131072 }
const llama4 = { ...llama3, blocks: 48, embedding: 5120, feedForward: 16384, heads: 40, vocab: 202048 }

const size8B = { blocks: 32, embedding: 4096, feedForward: 14336, heads: 32 }
const size70B = { blocks: 80, embedding: 8192, feedForward: 28672, heads: 64 }

const older: readonly CatalogueModel[] = [
  meta({
    id: 'llama-2-7b',
    name: 'Llama 2 7B',
    family: 'Llama 2',
    parameters: '6.74B',
    source: 'huggingface.co/meta-llama/Llama-2-7b-hf config.json',
    hyperparameters: transformer({
      ...llama2,
      blocks: 32,
      embedding: 4096,
      feedForward: 11008,
      heads: 32,
      headsKv: 32,
    }),
  }),
  meta({
    id: 'llama-2-13b',
    name: 'Llama 2 13B',
    family: 'Llama 2',
    parameters: '13.0B',
    source: 'huggingface.co/meta-llama/Llama-2-13b-hf config.json',
    hyperparameters: transformer({
      ...llama2,
      blocks: 40,
      embedding: 5120,
      feedForward: 13824,
      heads: 40,
      headsKv: 40,
    }),
  }),
  meta({
    id: 'llama-2-70b',
    name: 'Llama 2 70B',
    family: 'Llama 2',
    parameters: '69.0B',
    source: 'huggingface.co/meta-llama/Llama-2-70b-hf config.json',
    hyperparameters: transformer({ ...llama2, ...size70B, headsKv: 8 }),
  }),
  meta({
    id: 'llama-3-8b',
    name: 'Llama 3 8B',
    family: 'Llama 3',
    parameters: '8.03B',
    source: 'huggingface.co/meta-llama/Meta-Llama-3-8B config.json',
    hyperparameters: transformer({ ...llama3, ...size8B }),
  }),
  meta({
    id: 'llama-3-70b',
    name: 'Llama 3 70B',
    family: 'Llama 3',
    parameters: '70.6B',
    source: 'huggingface.co/meta-llama/Meta-Llama-3-70B config.json',
    hyperparameters: transformer({ ...llama3, ...size70B }),
  }),
]

const scaled: readonly CatalogueModel[] = [
  meta({
    id: 'llama-3.1-8b',
    name: 'Llama 3.1 8B',
    family: 'Llama 3',
    parameters: '8.03B',
    source: 'huggingface.co/meta-llama/Llama-3.1-8B config.json',
    hyperparameters: transformer({ ...llama31, ...size8B }),
    layout: { ropeFactors: 64 },
  }),
  meta({
    id: 'llama-3.1-70b',
    name: 'Llama 3.1 70B',
    family: 'Llama 3',
    parameters: '70.6B',
    source: 'huggingface.co/meta-llama/Llama-3.1-70B config.json',
    hyperparameters: transformer({ ...llama31, ...size70B }),
    layout: { ropeFactors: 64 },
  }),
  meta({
    id: 'llama-3.1-405b',
    name: 'Llama 3.1 405B',
    family: 'Llama 3',
    parameters: '406B',
    source: 'huggingface.co/meta-llama/Llama-3.1-405B config.json',
    hyperparameters: transformer({ ...llama31, blocks: 126, embedding: 16384, feedForward: 53248, heads: 128 }),
    layout: { ropeFactors: 64 },
  }),
  meta({
    id: 'llama-3.2-1b',
    name: 'Llama 3.2 1B',
    family: 'Llama 3',
    parameters: '1.24B',
    source: 'huggingface.co/meta-llama/Llama-3.2-1B config.json',
    hyperparameters: transformer({ ...llama31, blocks: 16, embedding: 2048, feedForward: 8192, heads: 32, head: 64 }),
    layout: { tied: true, ropeFactors: 32 },
  }),
  meta({
    id: 'llama-3.2-3b',
    name: 'Llama 3.2 3B',
    family: 'Llama 3',
    parameters: '3.21B',
    source: 'huggingface.co/meta-llama/Llama-3.2-3B config.json',
    hyperparameters: transformer({ ...llama31, blocks: 28, embedding: 3072, feedForward: 8192, heads: 24 }),
    layout: { tied: true, ropeFactors: 64 },
  }),
  meta({
    id: 'llama-3.3-70b',
    name: 'Llama 3.3 70B',
    family: 'Llama 3',
    parameters: '70.6B',
    source: 'huggingface.co/meta-llama/Llama-3.3-70B-Instruct config.json',
    hyperparameters: transformer({ ...llama31, ...size70B }),
    layout: { ropeFactors: 64 },
  }),
]

const experts: readonly CatalogueModel[] = [
  meta({
    id: 'llama-4-scout',
    name: 'Llama 4 Scout 17B-16E',
    family: 'Llama 4',
    architecture: 'llama4',
    parameters: '108B',
    source: 'huggingface.co/meta-llama/Llama-4-Scout-17B-16E config.json, text part',
    hyperparameters: {
      ...transformer({ ...llama4, context: 10485760 }),
      expert_count: 16,
      expert_used_count: 1,
      expert_feed_forward_length: 8192,
      interleave_moe_layer_step: 1,
    },
    layout: { ropeFactors: 64 },
  }),
  meta({
    id: 'llama-4-maverick',
    name: 'Llama 4 Maverick 17B-128E',
    family: 'Llama 4',
    architecture: 'llama4',
    parameters: '401B',
    source: 'huggingface.co/meta-llama/Llama-4-Maverick-17B-128E config.json, text part',
    hyperparameters: {
      ...transformer({ ...llama4, context: 1048576 }),
      expert_count: 128,
      expert_used_count: 1,
      expert_feed_forward_length: 8192,
      interleave_moe_layer_step: 2,
    },
  }),
]

export const llamaModels: readonly CatalogueModel[] = [...older, ...scaled, ...experts]
