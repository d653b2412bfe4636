import { expect, it } from 'vitest'
import { explainDescribeIssue } from './explain.ts'
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
