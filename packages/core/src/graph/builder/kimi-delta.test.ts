import { expect, it } from 'vitest'
import { llamaModel } from '../../placement/fixtures.ts'
import { kimiDeltaContext } from './kimi-delta.ts'

it('keeps the past columns of q, k and v, and a square a head', () => {
  const model = llamaModel({ blocks: 1, embedding: 1024, feedForward: 512, heads: 8, headsKv: 8, vocabulary: 100 })
  const header: Record<string, number> = { 'kda.head_dim': 64, 'ssm.conv_kernel': 4 }
  expect(kimiDeltaContext({ ...model, hyperparameter: (key) => header[key] })).toEqual({
    kind: 'recurrent',
    convolutionState: 3 * 3 * 8 * 64,
    recurrentState: 8 * 64 * 64,
  })
})
