import type { GgmlType } from '../header/ggml-type.ts'
import { type Mix, mixes } from './mix.ts'
import type { QuantizeFacts } from './quantize-facts.ts'
import type { TensorCategory } from './tensor-category.ts'

/** A tensor where the mix meets it. */
export interface Position {
  /** How many quantizable tensors of the same category came before, in the order of the file. */
  readonly ordinal: number
  /** What the FFN rules count by: the block number in a model with experts, otherwise `ordinal`. */
  readonly block: number
}

/** Undefined: no rule, the mix's base type stands. */
export type Rule = (facts: QuantizeFacts, at: Position) => GgmlType | undefined
type RulesByMix = Partial<Record<Mix, Rule>>

const always =
  (type: GgmlType): Rule =>
  () =>
    type

const eighth = (count: number): number => Math.trunc(count / 8)

/** The first and last eighth, and every third between: `use_more_bits`. */
const useMoreBits = (index: number, count: number): boolean =>
  index < eighth(count) || index >= eighth(7 * count) || (index - eighth(count)) % 3 === 2

const inFirstEighth = (facts: QuantizeFacts, { block }: Position): boolean => block < eighth(facts.blockCount)
const isGrouped = (facts: QuantizeFacts): boolean => facts.queryHeadsPerKvHead >= 4
const isFalcon = (facts: QuantizeFacts): boolean => facts.architecture === 'falcon'

const whenGrouped =
  (type: GgmlType, otherwise?: GgmlType): Rule =>
  (facts) =>
    isGrouped(facts) ? type : otherwise

const moreBitsForValues: Rule = (facts, { ordinal }) =>
  useMoreBits(ordinal, facts.attentionValueCount) ? 'q6_K' : undefined

const attentionValueRules: RulesByMix = {
  Q2_K: whenGrouped('q4_K', 'q3_K'),
  Q2_K_S: whenGrouped('q4_K'),
  IQ3_XXS: (facts) => (isGrouped(facts) ? 'q4_K' : facts.importanceMatrix ? 'iq3_xxs' : 'iq3_s'),
  IQ3_XS: whenGrouped('q4_K'),
  IQ3_S: whenGrouped('q4_K'),
  IQ3_M: always('q4_K'),
  Q3_K_M: (_, { ordinal }) => (ordinal < 2 ? 'q5_K' : 'q4_K'),
  Q3_K_L: always('q5_K'),
  IQ4_NL: whenGrouped('q5_K'),
  IQ4_XS: whenGrouped('q5_K'),
  Q4_K_S: (_, { ordinal }) => (ordinal < 4 ? 'q5_K' : undefined),
  Q4_K_M: moreBitsForValues,
  Q5_K_M: moreBitsForValues,
}

const attentionValue: Rule = (facts, at) => {
  if (facts.expertCount === 8) return 'q8_0'
  const type = attentionValueRules[facts.mix]?.(facts, at) ?? mixes[facts.mix].baseType
  return facts.is70B && (type === 'q3_K' || type === 'q4_K') ? 'q5_K' : type
}

/** Shared by queries and keys. */
const attentionQueryKeyRules: RulesByMix = {
  IQ3_XS: always('iq3_xxs'),
  IQ3_XXS: always('iq2_s'),
}

const attentionQuery: Rule = (facts, at) => attentionQueryKeyRules[facts.mix]?.(facts, at)

const attentionKey: Rule = (facts, at) => (facts.expertCount === 8 ? 'q8_0' : attentionQuery(facts, at))

const iq4FfnDown: Rule = (facts, at) => (inFirstEighth(facts, at) && !facts.importanceMatrix ? 'q5_K' : undefined)

/** The step from q4_0 to q4_1 and q5_0 to q5_1 guards the first blocks, and only with an importance matrix. */
const guardedFfnDown =
  (type: GgmlType): Rule =>
  (facts, at) =>
    facts.importanceMatrix && inFirstEighth(facts, at) ? type : undefined

const ffnDownRules: RulesByMix = {
  Q2_K: always('q3_K'),
  Q2_K_S: (facts, at) => (inFirstEighth(facts, at) ? 'q4_K' : undefined),
  IQ3_XXS: (facts, at) => (facts.importanceMatrix ? undefined : inFirstEighth(facts, at) ? 'q4_K' : 'q3_K'),
  Q3_K_M: (facts, { block }) => {
    if (block < Math.trunc(facts.blockCount / 16)) return 'q5_K'
    return isFalcon(facts) && !useMoreBits(block, facts.blockCount) ? 'q3_K' : 'q4_K'
  },
  IQ3_M: (facts, at) => {
    const moreBits = facts.expertCount === 8 && useMoreBits(at.block, facts.blockCount)
    return inFirstEighth(facts, at) || moreBits ? 'q4_K' : undefined
  },
  Q3_K_L: (facts) => (isFalcon(facts) ? 'q4_K' : 'q5_K'),
  Q4_K_M: (facts, { block }) => {
    const moreBits = useMoreBits(block, facts.blockCount)
    if (!isFalcon(facts)) return moreBits ? 'q6_K' : undefined
    if (block < Math.trunc(facts.blockCount / 16)) return 'q6_K'
    return moreBits ? 'q5_K' : 'q4_K'
  },
  IQ4_NL: iq4FfnDown,
  IQ4_XS: iq4FfnDown,
  Q5_K_M: (facts, { block }) => (useMoreBits(block, facts.blockCount) ? 'q6_K' : undefined),
  Q4_K_S: (facts, at) => (!isFalcon(facts) && inFirstEighth(facts, at) ? 'q5_K' : undefined),
  Q4_0: guardedFfnDown('q4_1'),
  Q5_0: guardedFfnDown('q5_1'),
}

const attentionOutputRules: RulesByMix = {
  Q2_K: always('q3_K'),
  IQ3_XXS: always('iq3_s'),
  Q3_K_M: always('q4_K'),
  Q3_K_L: always('q5_K'),
  IQ3_M: always('q4_K'),
}

/** Mixes that lift the attention output of models with eight experts (Mixtral). */
const eightExpertLift: ReadonlySet<Mix> = new Set<Mix>([
  'Q2_K',
  'IQ3_XS',
  'IQ3_XXS',
  'Q3_K_S',
  'Q3_K_M',
  'IQ4_NL',
  'Q4_K_S',
  'Q4_K_M',
  'IQ3_S',
  'IQ3_M',
  'IQ4_XS',
])

const attentionOutput: Rule = (facts, at) => {
  if (isFalcon(facts)) return facts.mix === 'Q3_K_L' ? 'q4_K' : undefined
  if (facts.expertCount === 8) return eightExpertLift.has(facts.mix) ? 'q5_K' : undefined
  return attentionOutputRules[facts.mix]?.(facts, at)
}

/** Gate and up projections: only IQ3_XS has a rule, for the six middle eighths. */
const ffnGateUp: Rule = (facts, { block }) => {
  const middle = block >= eighth(facts.blockCount) && block < eighth(7 * facts.blockCount)
  return facts.mix === 'IQ3_XS' && middle ? 'iq3_xxs' : undefined
}

/** `llama_tensor_get_type_impl` past its special branches; a category left out keeps the base type. Exact. */
export const mixRules: Partial<Record<TensorCategory, Rule>> = {
  'attention-value': attentionValue,
  'attention-key': attentionKey,
  'attention-query': attentionQuery,
  'attention-output': attentionOutput,
  'ffn-down': (facts, at) => ffnDownRules[facts.mix]?.(facts, at),
  'ffn-gate': ffnGateUp,
  'ffn-up': ffnGateUp,
}
