import { describe, expect, it } from 'vitest'
import type { BlockContext } from '../context/block-context.ts'
import { llama8b, llamaModel, mixture } from '../placement/fixtures.ts'
import { attentionWords, blockRanges, blocksByWords, blockShare, blockWords } from './block-words.ts'
import type { Model } from './model.ts'

const dense = llamaModel({ ...llama8b, blocks: 4 })
const routed = llamaModel({ ...mixture, blocks: 4 })
const withContext = (model: Model, context: BlockContext): Model => ({
  ...model,
  contexts: model.contexts.map((one, il) => (il === 1 ? context : one)),
})
const windowed: BlockContext = { kind: 'attention', keyWidth: 1, valueWidth: 1, windowed: true }
const recurrent: BlockContext = { kind: 'recurrent', convolutionState: 1, recurrentState: 1 }

describe('blockWords', () => {
  it.each<[string, Model, readonly string[]]>([
    ['dense', dense, ['attention', 'attention', 'attention', 'attention']],
    ['routed', routed, Array.from({ length: 4 }, () => 'attention, experts')],
    [
      'both',
      { ...routed, blockTensors: [dense.blockTensors[0]!, ...routed.blockTensors.slice(1)] },
      ['attention, dense', ...Array.from({ length: 3 }, () => 'attention, experts')],
    ],
    ['hybrid', withContext(dense, recurrent), ['attention', 'recurrent state', 'attention', 'attention']],
    [
      'blocks that run twice',
      {
        ...routed,
        blockTensors: [dense.blockTensors[0]!, routed.blockTensors[1]!, [], []],
        weightBlock: [0, 1, 0, 1],
      },
      ['attention, dense', 'attention, experts', 'attention, dense', 'attention, experts'],
    ],
    [
      'no attention',
      { ...withContext(dense, { kind: 'none' }), headCount: [32, 0, 32, 32] },
      ['attention', 'feed forward alone', 'attention', 'attention'],
    ],
  ])('%s', (_, model, expected) => expect(blockWords(model)).toEqual(expected))
})

describe('attentionWords', () => {
  const windows = { ...withContext(dense, windowed), windowed: [false, true, false, true], slidingWindow: 8 }
  it.each<[string, Model, number, string | undefined]>([
    ['full beside windows', windows, 0, 'full attention'],
    ['a window', windows, 1, 'windowed attention'],
    [
      'a latent',
      withContext(dense, { kind: 'latent', latentWidth: 1, indexerWidth: 0, windowed: false }),
      1,
      'latent attention',
    ],
    [
      'an indexer',
      withContext(dense, { kind: 'latent', latentWidth: 1, indexerWidth: 1, windowed: false }),
      1,
      'latent attention with an indexer',
    ],
    [
      'an earlier cache',
      { ...withContext(windows, { kind: 'none' }), kvBlockCount: 1 },
      1,
      'windowed attention over an earlier block’s cache',
    ],
    ['no cache', { ...withContext(dense, { kind: 'none' }), withoutCache: true }, 1, 'attention without a cache'],
    [
      'an indexer of its own cache',
      withContext(dense, {
        kind: 'attention',
        keyWidth: 1,
        valueWidth: 1,
        windowed: false,
        indexer: { keyWidth: 1, valueWidth: 1 },
      }),
      1,
      'attention with an indexer',
    ],
    ['nothing', { ...withContext(dense, { kind: 'none' }), headCount: [0, 0, 0, 0] }, 1, undefined],
  ])('%s', (_, model, il, expected) => expect(attentionWords(model, il)).toBe(expected))
})

describe('blocks', () => {
  it.each<[readonly number[], string]>([
    [[0], '0'],
    [[0, 1, 2], '0–2'],
    [[0, 1, 3, 5, 6], '0–1, 3, 5–6'],
    [[], ''],
  ])('writes %j as %s', (blocks, expected) => expect(blockRanges(blocks)).toBe(expected))

  it.each([
    [[0, 1], 2, '2 blocks'],
    [[0], 1, '1 block'],
    [[0, 2], 4, '2 of 4 blocks'],
  ])('%j of %i are %s', (blocks, all, expected) => expect(blockShare(blocks, all)).toBe(expected))

  it('are grouped by what is said of them', () => {
    expect([...blocksByWords(['a', undefined, 'b', 'a'])]).toEqual([
      ['a', [0, 3]],
      ['b', [2]],
    ])
  })
})
