import { describe, expect, it } from 'vitest'
import { explainDescribeIssue, explainUndescribed } from './explain.ts'
import type { DescribeIssue } from './model.ts'

const cases: readonly (readonly [DescribeIssue, string])[] = [
  [{ code: 'missing-key', key: 'llama.block_count' }, 'The header has no llama.block_count.'],
  [
    { code: 'bad-value', key: 'llama.block_count', value: '0', expected: 'a whole number from 1 to 512' },
    'llama.block_count is 0; it must be a whole number from 1 to 512.',
  ],
  [{ code: 'missing-tensor', tensor: 'token_embd.weight' }, 'The file has no tensor token_embd.weight.'],
  [
    { code: 'not-a-language-model', architecture: 'clip' },
    'A file of architecture clip is no language model of its own.',
  ],
]

it.each(cases)('%j', (issue, sentence) => expect(explainDescribeIssue(issue)).toBe(sentence))

describe('explainUndescribed', () => {
  it('says what the figures are worth, and why', () => {
    expect(explainUndescribed({ architecture: 'falcon-h1' })).toBe(
      'Weights are exact: they need the file only. How falcon-h1 computes is not described here, so its context is counted as plain attention and its compute buffers as every product of a block alive at once: bounds that hold for every described architecture, and no proof for this one.',
    )
  })
})
