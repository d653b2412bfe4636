import { type CatalogueModel, catalogueModel, type ModelSpec } from '../catalogue-model.ts'
import { transformer } from '../hyperparameters.ts'

const phi = (spec: Omit<ModelSpec, 'publisher' | 'architecture'>): CatalogueModel =>
  catalogueModel({ publisher: 'Microsoft', architecture: 'phi3', ...spec })

const common = { ropeBase: 10000, epsilon: 1e-5 }
const mini = { ...common, blocks: 32, embedding: 3072, feedForward: 8192 }
const size14B = { ...common, blocks: 40, embedding: 5120, feedForward: 17920, heads: 40, headsKv: 10, head: 128 }

const phis: readonly CatalogueModel[] = [
  phi({
    id: 'phi-3-mini-4k',
    name: 'Phi-3 mini 4K',
    family: 'Phi',
    parameters: '3.82B',
    source: 'huggingface.co/microsoft/Phi-3-mini-4k-instruct config.json',
    hyperparameters: {
      ...transformer({ ...mini, heads: 32, headsKv: 32, head: 96, vocab: 32064, context: 4096 }),
      'attention.sliding_window': 2047,
    },
  }),
  phi({
    id: 'phi-3-medium-4k',
    name: 'Phi-3 medium 4K',
    family: 'Phi',
    parameters: '14.0B',
    source: 'huggingface.co/microsoft/Phi-3-medium-4k-instruct config.json',
    hyperparameters: {
      ...transformer({ ...size14B, vocab: 32064, context: 4096 }),
      'attention.sliding_window': 2047,
    },
  }),
  phi({
    id: 'phi-3.5-mini',
    name: 'Phi-3.5 mini',
    family: 'Phi',
    parameters: '3.82B',
    source: 'huggingface.co/microsoft/Phi-3.5-mini-instruct config.json',
    hyperparameters: {
      ...transformer({ ...mini, heads: 32, headsKv: 32, head: 96, vocab: 32064, context: 131072 }),
      'attention.sliding_window': 262144,
      'rope.scaling.original_context_length': 4096,
    },
    layout: { ropeFactors: 48 },
  }),
  phi({
    id: 'phi-4',
    name: 'Phi-4',
    family: 'Phi',
    parameters: '14.7B',
    source: 'huggingface.co/microsoft/phi-4 config.json',
    hyperparameters: transformer({ ...size14B, vocab: 100352, context: 16384, ropeBase: 250000 }),
  }),
  phi({
    id: 'phi-4-mini',
    name: 'Phi-4 mini',
    family: 'Phi',
    parameters: '3.84B',
    source: 'huggingface.co/microsoft/Phi-4-mini-instruct config.json',
    hyperparameters: {
      ...transformer({ ...mini, heads: 24, headsKv: 8, head: 128, rotary: 96, vocab: 200064, context: 131072 }),
      'attention.sliding_window': 262144,
      'rope.scaling.original_context_length': 4096,
    },
    layout: { tied: true, ropeFactors: 48 },
  }),
]

/** Published with its experts in MXFP4 already: there is nothing to gain from another mix. */
const gptOss = (spec: {
  readonly id: string
  readonly name: string
  readonly parameters: string
  readonly blocks: number
  readonly experts: number
}): CatalogueModel =>
  catalogueModel({
    id: spec.id,
    name: spec.name,
    family: 'gpt-oss',
    publisher: 'OpenAI',
    architecture: 'gpt-oss',
    parameters: spec.parameters,
    source: `huggingface.co/openai/${spec.id} config.json`,
    hyperparameters: {
      ...transformer({
        blocks: spec.blocks,
        embedding: 2880,
        feedForward: 2880,
        heads: 64,
        headsKv: 8,
        head: 64,
        vocab: 201088,
        context: 131072,
        ropeBase: 150000,
        epsilon: 1e-5,
      }),
      expert_count: spec.experts,
      expert_used_count: 4,
      expert_feed_forward_length: 2880,
      'attention.sliding_window': 128,
      'rope.scaling.type': 'yarn',
      'rope.scaling.factor': 32,
      'rope.scaling.original_context_length': 4096,
    },
    mixes: ['MXFP4_MOE'],
  })

export const phiModels = phis

export const gptOssModels: readonly CatalogueModel[] = [
  gptOss({ id: 'gpt-oss-20b', name: 'gpt-oss 20B', parameters: '20.9B', blocks: 24, experts: 32 }),
  gptOss({ id: 'gpt-oss-120b', name: 'gpt-oss 120B', parameters: '117B', blocks: 36, experts: 128 }),
]
