import type { HeaderFacts } from '../header/facts.ts'
import type { DescribeIssue, ModelShape } from './model.ts'

/** `LLAMA_MAX_LAYERS` of llama-hparams.h. */
export const BLOCK_COUNT_MAX = 512
/** `LLAMA_MAX_EXPERTS` of llama-hparams.h. */
export const EXPERT_COUNT_MAX = 1024
/** No published model is wider by two orders of magnitude; keeps every product of two lengths exact in 2^53. */
export const LENGTH_MAX = 2 ** 24
export const CONTEXT_LENGTH_MAX = 2 ** 31

interface NumberRule {
  readonly key: string
  readonly min: number
  readonly max: number
  readonly required?: true
}

const numberRules: readonly NumberRule[] = [
  { key: 'block_count', min: 1, max: BLOCK_COUNT_MAX, required: true },
  { key: 'embedding_length', min: 1, max: LENGTH_MAX, required: true },
  { key: 'context_length', min: 1, max: CONTEXT_LENGTH_MAX, required: true },
  { key: 'nextn_predict_layers', min: 0, max: BLOCK_COUNT_MAX },
  { key: 'attention.key_length', min: 0, max: LENGTH_MAX },
  { key: 'attention.value_length', min: 0, max: LENGTH_MAX },
  { key: 'attention.key_length_swa', min: 0, max: LENGTH_MAX },
  { key: 'attention.value_length_swa', min: 0, max: LENGTH_MAX },
  { key: 'attention.sliding_window', min: 0, max: CONTEXT_LENGTH_MAX },
  { key: 'expert_count', min: 0, max: EXPERT_COUNT_MAX },
  { key: 'expert_used_count', min: 0, max: EXPERT_COUNT_MAX },
  { key: 'num_loops', min: 1, max: BLOCK_COUNT_MAX },
]

/** Arrays of one number a block, or one number for all. */
const perBlockKeys = ['attention.head_count', 'attention.head_count_kv', 'feed_forward_length']

/** What the header's numbers say that cannot be, before anything is made of them. */
export function firstIssue(facts: HeaderFacts): DescribeIssue | undefined {
  for (const { key, min, max, required } of numberRules) {
    const found = facts.value(key)
    if (found === undefined && !required) continue
    const full = `${facts.architecture}.${key}`
    if (found === undefined) return { code: 'missing-key', key: full }
    if (typeof found !== 'number' || !Number.isInteger(found) || found < min || found > max) {
      if (Array.isArray(found) && !required) continue
      return {
        code: 'bad-value',
        key: full,
        value: String(found).slice(0, 80),
        expected: `a whole number from ${min} to ${max}`,
      }
    }
  }
  const embedding = facts.tensorShape('token_embd.weight')
  if (embedding?.length !== 2) return { code: 'missing-tensor', tensor: 'token_embd.weight' }
  return (facts.number('nextn_predict_layers') ?? 0) >= facts.number('block_count')!
    ? {
        code: 'bad-value',
        key: `${facts.architecture}.nextn_predict_layers`,
        value: String(facts.number('nextn_predict_layers')),
        expected: 'fewer than block_count',
      }
    : undefined
}

/** What does not fit together once it is known which blocks run. */
export const shapeIssue = (facts: HeaderFacts, shape: ModelShape): DescribeIssue | undefined =>
  loopIssue(facts, shape) ?? perBlockIssue(facts, shape)

function loopIssue({ architecture, value }: HeaderFacts, shape: ModelShape): DescribeIssue | undefined {
  const { blockCount, weightBlock } = shape
  if (blockCount <= BLOCK_COUNT_MAX && weightBlock.every((at) => at >= 0 && at < blockCount)) return undefined
  return {
    code: 'bad-value',
    key: `${architecture}.block_count`,
    value: String(value('block_count')),
    expected: `blocks that run at most ${BLOCK_COUNT_MAX} times in all`,
  }
}

function perBlockIssue(facts: HeaderFacts, shape: ModelShape): DescribeIssue | undefined {
  const storedBlocks = facts.number('block_count')!
  for (const key of perBlockKeys) {
    const values = facts.perBlock(key, shape.blockCount)
    if (values === undefined) continue
    const good =
      values.length >= storedBlocks &&
      values.every((value) => Number.isInteger(value) && value >= 0 && value <= LENGTH_MAX)
    if (!good) {
      return {
        code: 'bad-value',
        key: `${facts.architecture}.${key}`,
        value: String(facts.value(key)).slice(0, 80),
        expected: `${storedBlocks} whole numbers from 0 to ${LENGTH_MAX}`,
      }
    }
  }
  return undefined
}
