import { type CatalogueModel, catalogueModel, type ModelSpec } from '../catalogue-model.ts'
import { transformer } from '../hyperparameters.ts'

const qwen = (spec: Omit<ModelSpec, 'publisher' | 'architecture' | 'family'> & { family?: string }): CatalogueModel =>
  catalogueModel({ publisher: 'Alibaba', architecture: 'qwen2', family: 'Qwen2.5', ...spec })

const common = { head: 128, context: 32768, ropeBase: 1000000, epsilon: 1e-6 }
const smallVocab = { ...common, vocab: 151936 }
const largeVocab = { ...common, vocab: 152064 }

/** Shapes that other publishers train further. */
export const qwen25Shapes = {
  size1B: { blocks: 28, embedding: 1536, feedForward: 8960, heads: 12, headsKv: 2 },
  size7B: { blocks: 28, embedding: 3584, feedForward: 18944, heads: 28, headsKv: 4 },
  size14B: { blocks: 48, embedding: 5120, feedForward: 13824, heads: 40, headsKv: 8 },
  size32B: { blocks: 64, embedding: 5120, feedForward: 27648, heads: 40, headsKv: 8 },
}

const { size1B, size7B, size14B, size32B } = qwen25Shapes

export const qwen2Models: readonly CatalogueModel[] = [
  qwen({
    id: 'qwen2.5-0.5b',
    name: 'Qwen2.5 0.5B',
    parameters: '0.494B',
    source: 'huggingface.co/Qwen/Qwen2.5-0.5B-Instruct config.json',
    hyperparameters: transformer({
      ...smallVocab,
      blocks: 24,
      embedding: 896,
      feedForward: 4864,
      heads: 14,
      headsKv: 2,
      head: 64,
    }),
    layout: { tied: true },
  }),
  qwen({
    id: 'qwen2.5-1.5b',
    name: 'Qwen2.5 1.5B',
    parameters: '1.54B',
    source: 'huggingface.co/Qwen/Qwen2.5-1.5B-Instruct config.json',
    hyperparameters: transformer({ ...smallVocab, ...size1B }),
    layout: { tied: true },
  }),
  qwen({
    id: 'qwen2.5-3b',
    name: 'Qwen2.5 3B',
    parameters: '3.09B',
    source: 'huggingface.co/Qwen/Qwen2.5-3B-Instruct config.json',
    hyperparameters: transformer({
      ...smallVocab,
      blocks: 36,
      embedding: 2048,
      feedForward: 11008,
      heads: 16,
      headsKv: 2,
    }),
    layout: { tied: true },
  }),
  qwen({
    id: 'qwen2.5-7b',
    name: 'Qwen2.5 7B',
    parameters: '7.62B',
    source: 'huggingface.co/Qwen/Qwen2.5-7B-Instruct config.json',
    hyperparameters: transformer({ ...largeVocab, ...size7B }),
  }),
  qwen({
    id: 'qwen2.5-14b',
    name: 'Qwen2.5 14B',
    parameters: '14.8B',
    source: 'huggingface.co/Qwen/Qwen2.5-14B-Instruct config.json',
    hyperparameters: transformer({ ...largeVocab, ...size14B }),
  }),
  qwen({
    id: 'qwen2.5-32b',
    name: 'Qwen2.5 32B',
    parameters: '32.8B',
    source: 'huggingface.co/Qwen/Qwen2.5-32B-Instruct config.json',
    hyperparameters: transformer({ ...largeVocab, ...size32B }),
  }),
  qwen({
    id: 'qwen2.5-72b',
    name: 'Qwen2.5 72B',
    parameters: '72.7B',
    source: 'huggingface.co/Qwen/Qwen2.5-72B-Instruct config.json',
    hyperparameters: transformer({
      ...largeVocab,
      blocks: 80,
      embedding: 8192,
      feedForward: 29568,
      heads: 64,
      headsKv: 8,
    }),
  }),
  qwen({
    id: 'qwen2.5-coder-7b',
    name: 'Qwen2.5 Coder 7B',
    parameters: '7.62B',
    source: 'huggingface.co/Qwen/Qwen2.5-Coder-7B-Instruct config.json',
    hyperparameters: transformer({ ...largeVocab, ...size7B }),
  }),
  qwen({
    id: 'qwen2.5-coder-14b',
    name: 'Qwen2.5 Coder 14B',
    parameters: '14.8B',
    source: 'huggingface.co/Qwen/Qwen2.5-Coder-14B-Instruct config.json',
    hyperparameters: transformer({ ...largeVocab, ...size14B }),
  }),
  qwen({
    id: 'qwen2.5-coder-32b',
    name: 'Qwen2.5 Coder 32B',
    parameters: '32.8B',
    source: 'huggingface.co/Qwen/Qwen2.5-Coder-32B-Instruct config.json',
    hyperparameters: transformer({ ...largeVocab, ...size32B }),
  }),
  qwen({
    id: 'qwq-32b',
    name: 'QwQ 32B',
    family: 'QwQ',
    parameters: '32.8B',
    source: 'huggingface.co/Qwen/QwQ-32B config.json',
    hyperparameters: transformer({ ...largeVocab, ...size32B, context: 40960 }),
  }),
]
