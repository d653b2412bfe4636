import { expect, it } from 'vitest'
import { llamaModel } from '../../placement/fixtures.ts'
import { attentionContext } from '../../context/attention.ts'
import { graniteSwitch } from './granite-switch.ts'

it('counts the router behind the blocks of the file, with one head and a cache of its own', () => {
  const model = llamaModel({ blocks: 2, embedding: 1024, feedForward: 512, heads: 8, headsKv: 2, vocabulary: 100 })
  const whole = graniteSwitch.withMoreBlocks!(model)
  expect(whole).toMatchObject({
    blockCount: 3,
    runBlockCount: 2,
    headCount: [8, 8, 1],
    headCountKv: [2, 2, 1],
    feedForwardLength: [512, 512, 0],
    windowed: [false, false, false],
    weightBlock: [0, 1, 2],
  })
  expect(attentionContext(whole, 2)).toEqual({ kind: 'attention', keyWidth: 128, valueWidth: 128, windowed: false })
})
