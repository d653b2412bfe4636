import { type CatalogueModel, catalogueModel, type ModelSpec } from '../catalogue-model.ts'
import { repeated, transformer } from '../hyperparameters.ts'

const google = (spec: Omit<ModelSpec, 'publisher'>): CatalogueModel =>
  catalogueModel({ publisher: 'Google', ...spec, layout: { tied: true, ...spec.layout } })

const gemma2 = { head: 256, vocab: 256000, context: 8192, ropeBase: 10000, epsilon: 1e-6 }
const gemma2Extras = { attn_logit_softcapping: 50, final_logit_softcapping: 30, 'attention.sliding_window': 4096 }
const gemma3 = { head: 256, vocab: 262144, context: 131072, ropeBase: 1000000, epsilon: 1e-6 }

const older: readonly CatalogueModel[] = [
  google({
    id: 'gemma-2-2b',
    name: 'Gemma 2 2B',
    family: 'Gemma 2',
    architecture: 'gemma2',
    parameters: '2.61B',
    source: 'huggingface.co/google/gemma-2-2b-it config.json',
    hyperparameters: {
      ...transformer({ ...gemma2, blocks: 26, embedding: 2304, feedForward: 9216, heads: 8, headsKv: 4 }),
      ...gemma2Extras,
    },
  }),
  google({
    id: 'gemma-2-9b',
    name: 'Gemma 2 9B',
    family: 'Gemma 2',
    architecture: 'gemma2',
    parameters: '9.24B',
    source: 'huggingface.co/google/gemma-2-9b-it config.json',
    hyperparameters: {
      ...transformer({ ...gemma2, blocks: 42, embedding: 3584, feedForward: 14336, heads: 16, headsKv: 8 }),
      ...gemma2Extras,
    },
  }),
  google({
    id: 'gemma-2-27b',
    name: 'Gemma 2 27B',
    family: 'Gemma 2',
    architecture: 'gemma2',
    parameters: '27.2B',
    source: 'huggingface.co/google/gemma-2-27b-it config.json',
    hyperparameters: {
      ...transformer({ ...gemma2, blocks: 46, embedding: 4608, feedForward: 36864, heads: 32, headsKv: 16, head: 128 }),
      ...gemma2Extras,
    },
  }),
  google({
    id: 'gemma-3-1b',
    name: 'Gemma 3 1B',
    family: 'Gemma 3',
    architecture: 'gemma3',
    parameters: '1.00B',
    source: 'huggingface.co/google/gemma-3-1b-it config.json',
    hyperparameters: {
      ...transformer({
        ...gemma3,
        blocks: 26,
        embedding: 1152,
        feedForward: 6912,
        heads: 4,
        headsKv: 1,
        context: 32768,
      }),
      'attention.sliding_window': 512,
    },
  }),
  google({
    id: 'gemma-3-4b',
    name: 'Gemma 3 4B',
    family: 'Gemma 3',
    architecture: 'gemma3',
    parameters: '3.88B',
    source: 'huggingface.co/google/gemma-3-4b-it config.json, text part',
    hyperparameters: {
      ...transformer({ ...gemma3, blocks: 34, embedding: 2560, feedForward: 10240, heads: 8, headsKv: 4 }),
      'attention.sliding_window': 1024,
    },
  }),
  google({
    id: 'gemma-3-12b',
    name: 'Gemma 3 12B',
    family: 'Gemma 3',
    architecture: 'gemma3',
    parameters: '11.8B',
    source: 'huggingface.co/google/gemma-3-12b-it config.json, text part',
    hyperparameters: {
      ...transformer({ ...gemma3, blocks: 48, embedding: 3840, feedForward: 15360, heads: 16, headsKv: 8 }),
      'attention.sliding_window': 1024,
    },
  }),
  google({
    id: 'gemma-3-27b',
    name: 'Gemma 3 27B',
    family: 'Gemma 3',
    architecture: 'gemma3',
    parameters: '27.0B',
    source: 'huggingface.co/google/gemma-3-27b-it config.json, text part',
    hyperparameters: {
      ...transformer({ ...gemma3, blocks: 62, embedding: 5376, feedForward: 21504, heads: 32, headsKv: 16, head: 128 }),
      'attention.sliding_window': 1024,
    },
  }),
  google({
    id: 'gemma-3n-e4b',
    name: 'Gemma 3n E4B',
    family: 'Gemma 3n',
    architecture: 'gemma3n',
    parameters: '6.87B',
    source: 'huggingface.co/google/gemma-3n-E4B-it config.json, text part',
    hyperparameters: {
      ...transformer({
        ...gemma3,
        blocks: 35,
        embedding: 2048,
        feedForward: 16384,
        heads: 8,
        headsKv: 2,
        context: 32768,
      }),
      'attention.sliding_window': 512,
    },
  }),
]

/** Five windowed blocks, then a global one with larger heads. */
const gemma4 = (blocks: number): ModelSpec['hyperparameters'] => ({
  'attention.key_length_swa': 256,
  'attention.value_length_swa': 256,
  'rope.dimension_count_swa': 256,
  'rope.freq_base_swa': 10000,
  'attention.sliding_window_pattern': repeated([true, true, true, true, true, false], blocks),
  final_logit_softcapping: 30,
})

const newer: readonly CatalogueModel[] = [
  google({
    id: 'gemma-4-e4b',
    name: 'Gemma 4 E4B',
    family: 'Gemma 4',
    architecture: 'gemma4',
    parameters: '7.52B',
    source: 'huggingface.co/google/gemma-4-E4B-it config.json, text part',
    hyperparameters: {
      ...transformer({
        ...gemma3,
        blocks: 42,
        embedding: 2560,
        feedForward: 10240,
        heads: 8,
        headsKv: repeated([2], 42),
        head: 512,
      }),
      ...gemma4(42),
      'attention.sliding_window': 512,
      embedding_length_per_layer_input: 256,
      'attention.shared_kv_layers': 18,
    },
    layout: { ropeFactors: 256 },
  }),
  google({
    id: 'gemma-4-26b-a4b',
    name: 'Gemma 4 26B-A4B',
    family: 'Gemma 4',
    architecture: 'gemma4',
    parameters: '25.2B',
    source: 'huggingface.co/google/gemma-4-26B-A4B-it config.json, text part',
    hyperparameters: {
      ...transformer({
        ...gemma3,
        blocks: 30,
        embedding: 2816,
        feedForward: 2112,
        heads: 16,
        headsKv: repeated([8, 8, 8, 8, 8, 2], 30),
        head: 512,
        context: 262144,
      }),
      ...gemma4(30),
      'attention.sliding_window': 1024,
      embedding_length_per_layer_input: 0,
      'attention.shared_kv_layers': 0,
      expert_count: 128,
      expert_used_count: 8,
      expert_feed_forward_length: 704,
    },
    layout: { ropeFactors: 256, keysAsValues: true },
  }),
  google({
    id: 'gemma-4-31b',
    name: 'Gemma 4 31B',
    family: 'Gemma 4',
    architecture: 'gemma4',
    parameters: '30.7B',
    source: 'huggingface.co/google/gemma-4-31B-it config.json, text part',
    hyperparameters: {
      ...transformer({
        ...gemma3,
        blocks: 60,
        embedding: 5376,
        feedForward: 21504,
        heads: 32,
        headsKv: repeated([16, 16, 16, 16, 16, 4], 60),
        head: 512,
        context: 262144,
      }),
      ...gemma4(60),
      'attention.sliding_window': 1024,
      embedding_length_per_layer_input: 0,
      'attention.shared_kv_layers': 0,
    },
    layout: { ropeFactors: 256, keysAsValues: true },
  }),
]

export const googleModels: readonly CatalogueModel[] = [...older, ...newer]
