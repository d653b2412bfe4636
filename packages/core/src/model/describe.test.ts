import { describe, expect, it } from 'vitest'
import { NO_CONTEXT } from '../context/block-context.ts'
import type { GgufHeader, HeaderValue, TensorInfo } from '../header/header.ts'
import { describeModel } from './describe.ts'

const matrix = (name: string, ...shape: readonly number[]): TensorInfo => ({ name, shape, type: 'f16' })
const norm = (name: string): TensorInfo => ({ name, shape: [64], type: 'f32' })

const tensors: readonly TensorInfo[] = [
  matrix('token_embd.weight', 64, 100),
  norm('output_norm.weight'),
  norm('blk.0.attn_norm.weight'),
  matrix('blk.0.attn_q.weight', 64, 64),
  matrix('blk.0.attn_k.weight', 64, 32),
  matrix('blk.0.attn_v.weight', 64, 32),
  matrix('blk.0.attn_output.weight', 64, 64),
  norm('blk.0.ffn_norm.weight'),
  matrix('blk.0.ffn_gate.weight', 64, 128),
  matrix('blk.0.ffn_up.weight', 64, 128),
  matrix('blk.0.ffn_down.weight', 128, 64),
]

const metadata: Readonly<Record<string, HeaderValue>> = {
  'general.architecture': 'llama',
  'llama.block_count': 1,
  'llama.context_length': 2048,
  'llama.embedding_length': 64,
  'llama.feed_forward_length': 128,
  'llama.attention.head_count': 4,
  'llama.attention.head_count_kv': 2,
}

const header = (change: Record<string, HeaderValue | undefined> = {}, own = tensors): GgufHeader => {
  const merged = Object.entries({ ...metadata, ...change }).filter(
    (entry): entry is [string, HeaderValue] => entry[1] !== undefined,
  )
  return { metadata: Object.fromEntries(merged), trimmedArrayLengths: {}, tensors: own }
}

describe('describeModel', () => {
  it('reads what the header says', () => {
    const described = describeModel(header())
    expect(described.ok && described.value).toMatchObject({
      architecture: 'llama',
      name: 'llama',
      described: true,
      blockCount: 1,
      runBlockCount: 1,
      vocabSize: 100,
      keyLength: 16,
      headCountKv: [2],
      contexts: [{ kind: 'attention', keyWidth: 32, valueWidth: 32, windowed: false }],
    })
  })

  it.each([
    [{ 'general.architecture': undefined }, { code: 'missing-key', key: 'general.architecture' }],
    [{ 'llama.block_count': undefined }, { code: 'missing-key', key: 'llama.block_count' }],
    [{ 'llama.block_count': 0 }, { code: 'bad-value', key: 'llama.block_count' }],
    [{ 'llama.block_count': 1e9 }, { code: 'bad-value', key: 'llama.block_count' }],
    [{ 'llama.block_count': 1.5 }, { code: 'bad-value', key: 'llama.block_count' }],
    [{ 'llama.block_count': 'many' }, { code: 'bad-value', key: 'llama.block_count' }],
    [{ 'llama.embedding_length': -1 }, { code: 'bad-value', key: 'llama.embedding_length' }],
    [{ 'llama.attention.head_count': [4, -4] }, { code: 'bad-value', key: 'llama.attention.head_count' }],
    [{ 'llama.feed_forward_length': [] }, { code: 'bad-value', key: 'llama.feed_forward_length' }],
    [{ 'llama.nextn_predict_layers': 1 }, { code: 'bad-value', key: 'llama.nextn_predict_layers' }],
    [{ 'llama.expert_count': 4096 }, { code: 'bad-value', key: 'llama.expert_count' }],
    [{ 'general.architecture': 'clip' }, { code: 'not-a-language-model', architecture: 'clip' }],
    // The block claims more heads than its matrices hold.
    [
      { 'llama.attention.head_count': 8, 'llama.attention.key_length': 16 },
      { code: 'shapes-do-not-match', block: 0 },
    ],
    [{ 'llama.attention.head_count_kv': 3 }, { code: 'shapes-do-not-match', block: 0 }],
  ])('refuses %o', (change, issue) => {
    const described = describeModel(header(change))
    expect(described).toMatchObject({ ok: false, issue })
  })

  it.each(tensors.filter(({ name }) => name.includes('attn_') || name.includes('token')).map(({ name }) => name))(
    'names %s when it is missing',
    (name) => {
      if (name === 'blk.0.attn_norm.weight' || name === 'blk.0.attn_output.weight') return expect(true).toBe(true)
      const described = describeModel(
        header(
          {},
          tensors.filter((tensor) => tensor.name !== name),
        ),
      )
      return expect(described).toMatchObject({ ok: false, issue: { code: 'missing-tensor', tensor: name } })
    },
  )

  const renamed = (architecture: string, keys: Record<string, HeaderValue> = {}): GgufHeader => {
    const own = Object.entries(metadata).map(([key, value]) => [key.replace('llama.', `${architecture}.`), value])
    const change = Object.entries(keys).map(([key, value]) => [`${architecture}.${key}`, value])
    return {
      ...header(),
      metadata: { ...Object.fromEntries([...own, ...change]), 'general.architecture': architecture },
    }
  }

  it('runs the blocks of a looped model several times, each run with a cache of its own', () => {
    const described = describeModel(renamed('nanbeige', { num_loops: 3, 'attention.head_count_kv': [2] }))
    expect(described.ok && described.value).toMatchObject({
      blockCount: 3,
      weightBlock: [0, 0, 0],
      headCountKv: [2, 2, 2],
      contexts: [{ kind: 'attention' }, { kind: 'attention' }, { kind: 'attention' }],
    })
  })

  it.each([
    ['nanbeige', { num_loops: 513 }, 'nanbeige.num_loops'],
    ['nanbeige', { num_loops: 512, block_count: 2 }, 'nanbeige.block_count'],
    ['hrm_text', { 'hrm.layers_per_stack': 0 }, 'hrm_text.block_count'],
  ])('refuses %s with %o', (architecture, keys, key) => {
    const issue = { code: 'bad-value', key }
    expect(describeModel(renamed(architecture, keys))).toMatchObject({ ok: false, issue })
  })

  it('keeps nothing between the batches of a diffusion model', () => {
    const described = describeModel(renamed('llada'))
    expect(described.ok && described.value).toMatchObject({ causal: false, withoutCache: true })
    expect(described.ok && described.value.contexts.map(({ kind }) => kind)).toEqual([NO_CONTEXT.kind])
  })

  it.each([
    // Each of the two lengths falls back to the embedding shared out, not to the other.
    [{ 'llama.attention.key_length': 32 }, { keyLength: 32, valueLength: 16 }],
    [{ 'llama.attention.value_length': 32 }, { keyLength: 16, valueLength: 32 }],
    [{ 'llama.attention.head_count': [8, 4] }, { keyLength: 8, valueLength: 8 }],
  ])('shares the embedding out among the heads of the first block: %o', (change, lengths) => {
    const own = { ...change, 'general.architecture': 'novel' }
    const renamed = Object.entries({ ...metadata, ...own }).map(([key, value]) => [
      key.replace('llama.', 'novel.'),
      value,
    ])
    const described = describeModel({ ...header(), metadata: Object.fromEntries(renamed) })
    expect(described.ok && described.value).toMatchObject(lengths)
  })

  it('takes an unknown architecture for a transformer and says so', () => {
    const described = describeModel(renamed('novel'))
    expect(described.ok && described.value.described).toBe(false)
  })
})
