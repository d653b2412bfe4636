import { describe, expect, it } from 'vitest'
import type { BlockContext } from '../context/block-context.ts'
import { contextShape } from '../context/shape.ts'
import { engines } from '../engines/index.ts'
import { llama8b, llamaModel } from '../placement/fixtures.ts'
import { tokens } from '../units.ts'
import { capitalised, contextTerm, productLine, reservedFor, tally } from './explain.ts'
import { requestDefaults, type RunRequest } from './settings.ts'

const model = { ...llamaModel(llama8b), slidingWindow: 1024 }

function about(request: Partial<RunRequest> = {}) {
  const asked = { ...requestDefaults, contextLength: tokens(8192), ...request }
  const settings = engines['llama.cpp'].settings(asked, model)
  return { settings, shape: contextShape(model, settings) }
}

describe('contextTerm', () => {
  const attention: BlockContext = { kind: 'attention', keyWidth: 1024, valueWidth: 512, windowed: false }
  it.each<[string, BlockContext, Partial<RunRequest>, string | undefined]>([
    ['attention', attention, {}, '8,192 cells × (K 1,024 in f16 + V 512 in f16)'],
    ['types', attention, { cacheTypeK: 'q8_0' }, '8,192 cells × (K 1,024 in q8_0 + V 512 in f16)'],
    // Transposed values are padded to the widest block's.
    ['transposed', attention, { flashAttention: 'off' }, '8,192 cells × (K 1,024 in f16 + V 1,024 in f16)'],
    [
      'slots',
      { ...attention, windowed: true },
      { parallel: 4 },
      '6,144 cells of the window × (K 1,024 in f16 + V 512 in f16)',
    ],
    [
      'an indexer of its own cache',
      { ...attention, indexer: { keyWidth: 64, valueWidth: 32 } },
      { cacheTypeV: 'q8_0' },
      '8,192 cells × (K 1,024 in f16 + V 512 in q8_0 + K 64 in f16 and V 32 in q8_0 of the indexer)',
    ],
    [
      'a latent of a window',
      { kind: 'latent', latentWidth: 576, indexerWidth: 0, windowed: true },
      {},
      '1,536 cells of the window × (576 in f16)',
    ],
    [
      'a latent',
      { kind: 'latent', latentWidth: 576, indexerWidth: 0, windowed: false },
      {},
      '8,192 cells × (576 in f16)',
    ],
    [
      'an indexer',
      { kind: 'latent', latentWidth: 576, indexerWidth: 128, windowed: false },
      {},
      '8,192 cells × (576 in f16 + 128 in f16 of the indexer)',
    ],
    ['a state', { kind: 'recurrent', convolutionState: 24, recurrentState: 1000 }, {}, '1 sequence × 1,024 in f32'],
    [
      'states',
      { kind: 'recurrent', convolutionState: 24, recurrentState: 1000 },
      { parallel: 3 },
      '3 sequences × 1,024 in f32',
    ],
    ['nothing', { kind: 'none' }, {}, undefined],
  ])('%s', (_, context, request, expected) => {
    const { settings, shape } = about(request)
    expect(contextTerm(context, shape, { model, settings })).toBe(expected)
  })
})

describe('words of a formula', () => {
  it('puts the numbers of a product in', () => {
    expect(productLine({ what: 'activations', factors: [512, 14336, 36 / 32] })).toEqual({
      text: 'activations: 512 × 14,336 × 1.125',
      bytes: 8257536,
    })
  })

  it('counts together what is described alike', () => {
    const sizes = [1, 2, 3, 4, 5]
    expect(tally(sizes, (size) => ({ text: size % 2 === 0 ? 'even' : 'odd', bytes: size }))).toEqual([
      { text: 'odd', count: 3, bytes: 9 },
      { text: 'even', count: 2, bytes: 6 },
    ])
  })

  it.each([
    ['driver context', 'Driver context'],
    ['cuBLAS kernels', 'cuBLAS kernels'],
    ['CUDA graphs', 'CUDA graphs'],
  ])('begins %s with a capital where it may', (words, expected) => expect(capitalised(words)).toBe(expected))

  it('says what a buffer is reserved for', () => {
    expect(reservedFor(about({ parallel: 2 }).shape)[0]).toBe(
      'the fullest moment of a prompt of 512 tokens with 2 rows of logits, or of generating 2',
    )
  })
})
