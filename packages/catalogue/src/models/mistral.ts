import { type CatalogueModel, catalogueModel, type ModelSpec } from '../catalogue-model.ts'
import { transformer } from '../hyperparameters.ts'

const mistral = (spec: Omit<ModelSpec, 'publisher' | 'architecture'>): CatalogueModel =>
  catalogueModel({ publisher: 'Mistral AI', architecture: 'llama', ...spec })

const common = { head: 128, headsKv: 8, ropeBase: 1000000, epsilon: 1e-5 }
const size7B = { blocks: 32, embedding: 4096, feedForward: 14336, heads: 32 }
const size22B = { blocks: 56, embedding: 6144, feedForward: 16384, heads: 48 }
const size24B = { blocks: 40, embedding: 5120, feedForward: 32768, heads: 32, vocab: 131072 }

export const mistralModels: readonly CatalogueModel[] = [
  mistral({
    id: 'mistral-7b',
    name: 'Mistral 7B v0.3',
    family: 'Mistral',
    parameters: '7.25B',
    source: 'huggingface.co/mistralai/Mistral-7B-Instruct-v0.3 config.json',
    hyperparameters: transformer({ ...common, ...size7B, vocab: 32768, context: 32768 }),
  }),
  mistral({
    id: 'mistral-nemo-12b',
    name: 'Mistral Nemo 12B',
    family: 'Mistral',
    parameters: '12.2B',
    source: 'huggingface.co/mistralai/Mistral-Nemo-Instruct-2407 config.json',
    hyperparameters: transformer({
      ...common,
      blocks: 40,
      embedding: 5120,
      feedForward: 14336,
      heads: 32,
      vocab: 131072,
      context: 131072,
    }),
  }),
  mistral({
    id: 'codestral-22b',
    name: 'Codestral 22B',
    family: 'Mistral',
    parameters: '22.2B',
    source: 'huggingface.co/mistralai/Codestral-22B-v0.1 config.json',
    hyperparameters: transformer({ ...common, ...size22B, vocab: 32768, context: 32768 }),
  }),
  mistral({
    id: 'mistral-small-24b',
    name: 'Mistral Small 3 24B',
    family: 'Mistral',
    parameters: '23.6B',
    source: 'huggingface.co/mistralai/Mistral-Small-24B-Instruct-2501 config.json',
    hyperparameters: transformer({ ...common, ...size24B, context: 32768, ropeBase: 100000000 }),
  }),
  mistral({
    id: 'mistral-small-3.2-24b',
    name: 'Mistral Small 3.2 24B',
    family: 'Mistral',
    parameters: '23.6B',
    source: 'huggingface.co/mistralai/Mistral-Small-3.2-24B-Instruct-2506 config.json, text part',
    hyperparameters: transformer({ ...common, ...size24B, context: 131072, ropeBase: 1000000000 }),
  }),
  mistral({
    id: 'mistral-large-123b',
    name: 'Mistral Large 2 123B',
    family: 'Mistral',
    parameters: '123B',
    source: 'huggingface.co/mistralai/Mistral-Large-Instruct-2407 config.json',
    hyperparameters: transformer({
      ...common,
      blocks: 88,
      embedding: 12288,
      feedForward: 28672,
      heads: 96,
      vocab: 32768,
      context: 131072,
    }),
  }),
  mistral({
    id: 'mixtral-8x7b',
    name: 'Mixtral 8x7B',
    family: 'Mixtral',
    parameters: '46.7B',
    source: 'huggingface.co/mistralai/Mixtral-8x7B-Instruct-v0.1 config.json',
    hyperparameters: {
      ...transformer({ ...common, ...size7B, vocab: 32000, context: 32768 }),
      expert_count: 8,
      expert_used_count: 2,
    },
  }),
  mistral({
    id: 'mixtral-8x22b',
    name: 'Mixtral 8x22B',
    family: 'Mixtral',
    parameters: '141B',
    source: 'huggingface.co/mistralai/Mixtral-8x22B-Instruct-v0.1 config.json',
    hyperparameters: {
      ...transformer({ ...common, ...size22B, vocab: 32768, context: 65536 }),
      expert_count: 8,
      expert_used_count: 2,
    },
  }),
]
