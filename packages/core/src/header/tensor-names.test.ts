import { expect, it } from 'vitest'
import { blockOfTensor } from './tensor-names.ts'

it.each([
  ['blk.0.attn_q.weight', 0],
  ['blk.79.ffn_down.weight', 79],
  ['blk.12.ssm_a', 12],
  ['output.weight', undefined],
  ['blk.x.attn_q.weight', undefined],
  ['blk.-1.attn_q.weight', undefined],
  ['block.1.attn_q.weight', undefined],
])('%s: %s', (name, block) => expect(blockOfTensor(name)).toBe(block))
