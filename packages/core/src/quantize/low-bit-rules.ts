import type { GgmlType } from '../header/ggml-type.ts'
import type { Mix } from './mix.ts'
import type { Rule } from './mix-rules.ts'
import type { QuantizeFacts } from './quantize-facts.ts'
import type { TensorCategory } from './tensor-category.ts'

/** The mixes below three bits have one branch of their own, which overrules all the others. */
const lowBitMixes: ReadonlySet<Mix> = new Set<Mix>(['IQ2_XXS', 'IQ2_XS', 'IQ2_S', 'IQ2_M', 'IQ1_S', 'IQ1_M'])

export const isLowBitMix = (mix: Mix): boolean => lowBitMixes.has(mix)

const isUpperTwoBit = (mix: Mix): boolean => mix === 'IQ2_S' || mix === 'IQ2_M'

const lifted = ({ mix }: QuantizeFacts): GgmlType => (isUpperTwoBit(mix) ? 'iq3_s' : 'q2_K')

/** The low-bit branch of `llama_tensor_get_type_impl` by category; a category left out keeps the base type. Exact. */
export const lowBitRules: Partial<Record<TensorCategory, Rule>> = {
  'attention-value': (facts) => (facts.queryHeadsPerKvHead >= 4 || facts.expertCount >= 4 ? 'q4_K' : lifted(facts)),
  'attention-key': ({ expertCount }) => (expertCount === 8 ? 'q4_K' : undefined),
  'ffn-down': (facts, { ordinal }) => (ordinal < Math.trunc(facts.blockCount / 8) ? lifted(facts) : undefined),
  'attention-output': ({ mix, expertCount }) => {
    if (expertCount === 8) return 'q5_K'
    if (isUpperTwoBit(mix)) return 'iq3_s'
    return mix === 'IQ1_S' || mix === 'IQ1_M' ? 'iq2_xxs' : undefined
  },
}
