import { BLOCK_COUNT_MAX, CONTEXT_LENGTH_MAX, EXPERT_COUNT_MAX, LENGTH_MAX } from '../model/header-issues.ts'
import type { JsonObject, JsonValue } from './header.ts'
import { Exl2Refusal } from './refusal.ts'

/** The numbers of `config.json` that memory depends on, as ExLlama reads them. */
export interface ConfigFacts {
  readonly architecture: string
  readonly blockCount: number
  readonly hiddenSize: number
  readonly headCount: number
  readonly headDim: number
  readonly headCountKv: number
  readonly vocabSize: number
  readonly contextLengthTrained: number
  readonly tiedEmbeddings: boolean
  readonly expertCount: number
  readonly expertUsedCount: number
  readonly slidingWindow: number
}

interface NumberRule {
  /** In the order they are looked for; `a->b` lies in an object. */
  readonly keys: readonly string[]
  readonly min: number
  readonly max: number
  readonly fallback?: number
}

/** `ExLlamaV2Config.prepare` (exllamav2/config.py), and exllamav3's names for experts. */
const rules = {
  blockCount: { keys: ['num_hidden_layers', 'n_layers', 'n_layer'], min: 1, max: BLOCK_COUNT_MAX },
  hiddenSize: { keys: ['hidden_size', 'd_model', 'n_embd'], min: 1, max: LENGTH_MAX },
  headCount: { keys: ['num_attention_heads', 'n_heads', 'n_head'], min: 0, max: LENGTH_MAX, fallback: 0 },
  headDim: { keys: ['head_dim'], min: 0, max: LENGTH_MAX, fallback: 0 },
  headCountKv: { keys: ['num_key_value_heads', 'attn_config->kv_n_heads'], min: 0, max: LENGTH_MAX, fallback: 0 },
  vocabSize: { keys: ['vocab_size'], min: 1, max: LENGTH_MAX },
  contextLengthTrained: {
    keys: ['max_sequence_length', 'model_max_length', 'max_position_embeddings', 'max_seq_len', 'n_positions'],
    min: 1,
    max: CONTEXT_LENGTH_MAX,
    fallback: 2048,
  },
  expertCount: {
    keys: ['num_local_experts', 'ffn_config->moe_num_experts', 'num_experts', 'n_routed_experts'],
    min: 0,
    max: EXPERT_COUNT_MAX,
    fallback: 0,
  },
  expertUsedCount: {
    keys: ['num_experts_per_tok', 'ffn_config->moe_top_k'],
    min: 0,
    max: EXPERT_COUNT_MAX,
    fallback: 0,
  },
  slidingWindow: { keys: ['sliding_window', 'sliding_window_size'], min: 0, max: CONTEXT_LENGTH_MAX, fallback: 0 },
} as const satisfies Record<string, NumberRule>

/** Reads the facts; heads and their size stand in for each other where one of them is missing, as in ExLlama. */
export function readConfigFacts(config: JsonObject): ConfigFacts {
  const architectures = own(config, 'architectures')
  const architecture = isList(architectures) ? architectures[0] : undefined
  if (typeof architecture !== 'string') throw new Exl2Refusal({ code: 'missing-key', key: 'architectures' })
  const facts = Object.fromEntries(
    Object.entries<NumberRule>(rules).map(([name, rule]) => [name, readNumber(config, rule)]),
  ) as Record<keyof typeof rules, number>
  if (facts.headCount === 0 && facts.headDim === 0) {
    throw new Exl2Refusal({ code: 'missing-key', key: 'num_attention_heads' })
  }
  const headDim = facts.headDim || Math.floor(facts.hiddenSize / facts.headCount)
  const headCount = facts.headCount || Math.floor(facts.hiddenSize / headDim)
  return {
    ...facts,
    architecture,
    headDim,
    headCount,
    headCountKv: facts.headCountKv || headCount,
    tiedEmbeddings: lookUp(config, 'tie_word_embeddings') === true,
  }
}

function readNumber(config: JsonObject, { keys, min, max, fallback }: NumberRule): number {
  for (const key of keys) {
    const found = lookUp(config, key)
    if (found === undefined || found === null) continue
    if (typeof found === 'number' && Number.isInteger(found) && found >= min && found <= max) return found
    const expected = `a whole number from ${min} to ${max}`
    throw new Exl2Refusal({ code: 'bad-value', key, value: shownValue(found), expected })
  }
  if (fallback === undefined) throw new Exl2Refusal({ code: 'missing-key', key: keys[0]! })
  return fallback
}

/** A key of the config or, failing that, of its `text_config`. */
function lookUp(config: JsonObject, key: string): JsonValue | undefined {
  const found = follow(config, key)
  if (found !== undefined && found !== null) return found
  const text = own(config, 'text_config')
  return isObject(text) ? follow(text, key) : undefined
}

const follow = (from: JsonObject, key: string): JsonValue | undefined =>
  key.split('->').reduce<JsonValue | undefined>((at, step) => (isObject(at) ? own(at, step) : undefined), from)

/** Never what an object inherits: a key may be called `constructor`. */
export const own = (from: JsonObject, key: string): JsonValue | undefined =>
  Object.hasOwn(from, key) ? from[key] : undefined

const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value)

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !isList(value)

/** Enough of a wrong value to recognize it. */
const shownValue = (value: JsonValue): string =>
  (typeof value === 'object' ? (isList(value) ? 'a list' : 'an object') : String(value)).slice(0, 80)
