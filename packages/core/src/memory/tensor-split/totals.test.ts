import { expect, it } from 'vitest'
import { llamaModel } from '../../placement/fixtures.ts'
import { tokens } from '../../units.ts'
import { requestDefaults } from '../settings.ts'
import { tensorSplitWeights } from './totals.ts'

const model = llamaModel({
  blocks: 2,
  embedding: 1280,
  feedForward: 3456,
  heads: 10,
  headsKv: 5,
  vocabulary: 4000,
  type: 'q8_0',
})

it('pads the rows of slices that hold none: llama.cpp 0.5.0-dev allocates these very bytes for -sm tensor -ts 1,0', () => {
  const settings = {
    ...requestDefaults,
    contextLength: tokens(4096),
    flashAttention: 'on',
    outputsMax: 1,
    pipelineAllowed: false,
  } as const
  const layout = { splitMode: 'tensor', deviceCount: 2, layers: [0, 0, 0], overrides: [], tensorSplit: [1, 0] } as const
  // The second device: five norms of 1280 numbers, and a row's padding for each of eleven matrices cut by rows.
  expect(tensorSplitWeights({ model, settings, layout })).toEqual({
    devices: [44_116_864, 5 * 5120 + 11 * 384],
    host: 5_440_000,
  })
})
