import { type CatalogueModel, catalogueModel } from '../catalogue-model.ts'
import { transformer } from '../hyperparameters.ts'

const olmo2 = { head: 128, vocab: 100352, context: 4096, ropeBase: 500000, epsilon: 1e-6 }

const academic: readonly CatalogueModel[] = [
  catalogueModel({
    id: 'olmo-2-7b',
    name: 'OLMo 2 7B',
    family: 'OLMo 2',
    publisher: 'Ai2',
    architecture: 'olmo2',
    parameters: '7.30B',
    source: 'huggingface.co/allenai/OLMo-2-1124-7B-Instruct config.json',
    hyperparameters: transformer({ ...olmo2, blocks: 32, embedding: 4096, feedForward: 11008, heads: 32, headsKv: 32 }),
  }),
  catalogueModel({
    id: 'olmo-2-13b',
    name: 'OLMo 2 13B',
    family: 'OLMo 2',
    publisher: 'Ai2',
    architecture: 'olmo2',
    parameters: '13.7B',
    source: 'huggingface.co/allenai/OLMo-2-1124-13B-Instruct config.json',
    hyperparameters: transformer({ ...olmo2, blocks: 40, embedding: 5120, feedForward: 13824, heads: 40, headsKv: 40 }),
  }),
  catalogueModel({
    id: 'olmo-2-32b',
    name: 'OLMo 2 32B',
    family: 'OLMo 2',
    publisher: 'Ai2',
    architecture: 'olmo2',
    parameters: '32.2B',
    source: 'huggingface.co/allenai/OLMo-2-0325-32B-Instruct config.json',
    hyperparameters: transformer({ ...olmo2, blocks: 64, embedding: 5120, feedForward: 27648, heads: 40, headsKv: 8 }),
  }),
  catalogueModel({
    id: 'smollm3-3b',
    name: 'SmolLM3 3B',
    family: 'SmolLM',
    publisher: 'Hugging Face',
    architecture: 'smollm3',
    parameters: '3.08B',
    source: 'huggingface.co/HuggingFaceTB/SmolLM3-3B config.json',
    hyperparameters: transformer({
      blocks: 36,
      embedding: 2048,
      feedForward: 11008,
      heads: 16,
      headsKv: 4,
      head: 128,
      vocab: 128256,
      context: 65536,
      ropeBase: 5000000,
      epsilon: 1e-6,
    }),
    layout: { tied: true },
  }),
  catalogueModel({
    id: 'starcoder2-15b',
    name: 'StarCoder2 15B',
    family: 'StarCoder2',
    publisher: 'BigCode',
    architecture: 'starcoder2',
    parameters: '16.0B',
    source: 'huggingface.co/bigcode/starcoder2-15b config.json',
    hyperparameters: transformer({
      blocks: 40,
      embedding: 6144,
      feedForward: 24576,
      heads: 48,
      headsKv: 4,
      head: 128,
      vocab: 49152,
      context: 16384,
      ropeBase: 100000,
      epsilon: 1e-5,
      layerNorm: true,
    }),
  }),
]

const falcon3 = { embedding: 3072, feedForward: 23040, heads: 12, headsKv: 4, head: 256, vocab: 131072 }
const falcon3Training = { context: 32768, ropeBase: 1000042, epsilon: 1e-6 }

const falcons: readonly CatalogueModel[] = [
  catalogueModel({
    id: 'falcon-40b',
    name: 'Falcon 40B',
    family: 'Falcon',
    publisher: 'TII',
    architecture: 'falcon',
    parameters: '41.8B',
    source: 'huggingface.co/tiiuae/falcon-40b config.json',
    hyperparameters: transformer({
      blocks: 60,
      embedding: 8192,
      feedForward: 32768,
      heads: 128,
      headsKv: 8,
      head: 64,
      vocab: 65024,
      context: 2048,
      ropeBase: 10000,
      epsilon: 1e-5,
      layerNorm: true,
    }),
  }),
  catalogueModel({
    id: 'falcon3-7b',
    name: 'Falcon3 7B',
    family: 'Falcon',
    publisher: 'TII',
    architecture: 'llama',
    parameters: '7.46B',
    source: 'huggingface.co/tiiuae/Falcon3-7B-Instruct config.json',
    hyperparameters: transformer({ ...falcon3, ...falcon3Training, blocks: 28 }),
  }),
  catalogueModel({
    id: 'falcon3-10b',
    name: 'Falcon3 10B',
    family: 'Falcon',
    publisher: 'TII',
    architecture: 'llama',
    parameters: '10.3B',
    source: 'huggingface.co/tiiuae/Falcon3-10B-Instruct config.json',
    hyperparameters: transformer({ ...falcon3, ...falcon3Training, blocks: 40 }),
  }),
]

export const openWeightModels: readonly CatalogueModel[] = [...academic, ...falcons]
