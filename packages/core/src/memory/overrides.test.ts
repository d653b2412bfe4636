import { expect, it } from 'vitest'
import { llamaModel } from '../placement/fixtures.ts'
import { expertOverrides, overrideLookup, placeLookup } from './overrides.ts'
import { HOST } from './run-memory.ts'

it.each([
  ['blk.0.ffn_up_exps.weight', 2, HOST],
  ['blk.1.ffn_gate_up_exps.weight', 2, HOST],
  ['blk.1.ffn_down_chexps.weight', 2, HOST],
  ['blk.2.ffn_up_exps.weight', 2, 0],
  // Block 1 is not block 11.
  ['blk.11.ffn_up_exps.weight', 2, 0],
  ['blk.11.ffn_up_exps.weight', -1, HOST],
  // The shared expert stays.
  ['blk.0.ffn_up_shexp.weight', -1, 0],
  ['blk.0.attn_q.weight', -1, 0],
])('%s with the experts of %d blocks on the host lies on %d', (name, blocks, place) => {
  expect(overrideLookup(expertOverrides(blocks, HOST))(name, 0)).toBe(place)
})

it('lets the first pattern win', () => {
  const lookup = overrideLookup([
    { pattern: 'ffn', place: 1 },
    { pattern: 'ffn_up', place: HOST },
  ])
  expect(lookup('blk.0.ffn_up.weight', 0)).toBe(1)
})

it('keeps a tensor that no device has a kernel for on the host, unless a pattern moves it', () => {
  const model = llamaModel({ blocks: 1, embedding: 256, feedForward: 512, heads: 4, headsKv: 2, vocabulary: 100 })
  const [name, other] = ['blk.0.ffn_down_exps.weight', 'blk.0.ffn_up_exps.weight']
  const held = { ...model, hostTensors: new Set([name]) }
  const lookup = placeLookup(held, [])
  expect([lookup(name, 0), lookup(other, 0)]).toEqual([HOST, 0])
  expect(placeLookup(held, [{ pattern: 'ffn_down', place: 1 }])(name, 0)).toBe(1)
})
