import { GGML_TYPES, type GgmlType } from '../header/ggml-type.ts'
import type { TensorInfo } from '../header/header.ts'
import { fittingType } from './fallback.ts'
import { isLowBitMix, lowBitRules } from './low-bit-rules.ts'
import { type Mix, mixes } from './mix.ts'
import { mixRules, type Position } from './mix-rules.ts'
import type { QuantizeFacts } from './quantize-facts.ts'
import type { TensorCategory } from './tensor-category.ts'

/** Type of a quantizable tensor in the mix, made to fit its row length (`llama_tensor_get_type`). Exact. */
export function tensorType(
  facts: QuantizeFacts,
  tensor: TensorInfo,
  { category, at }: { readonly category: TensorCategory; readonly at: Position },
): GgmlType {
  const base = mixes[facts.mix].baseType
  if (GGML_TYPES[base].blockElements === 1) return base
  const rowElements = tensor.shape[0] ?? 1
  return fittingType(ruledType(facts, tensor, { category, at }) ?? base, rowElements)
}

/** The branches of `llama_tensor_get_type_impl`, in its order; undefined leaves the base type. */
function ruledType(
  facts: QuantizeFacts,
  tensor: TensorInfo,
  { category, at }: { readonly category: TensorCategory; readonly at: Position },
): GgmlType | undefined {
  const servesAsOutput = category === 'output' || (facts.tiedEmbeddings && category === 'token-embedding')
  if (servesAsOutput) return outputType(facts, tensor)
  if (facts.mix === 'MXFP4_MOE') return mxfp4Type(facts, tensor, category)
  if (category === 'token-embedding') return tokenEmbeddingTypes[facts.mix]
  const rules = isLowBitMix(facts.mix) ? lowBitRules : mixRules
  return rules[category]?.(facts, at)
}

const outputInQ5K: ReadonlySet<Mix> = new Set<Mix>(['IQ2_XXS', 'IQ2_XS', 'IQ3_XXS', 'IQ1_S', 'IQ2_S', 'IQ2_M', 'IQ1_M'])

function outputType(facts: QuantizeFacts, tensor: TensorInfo): GgmlType {
  const base = mixes[facts.mix].baseType
  const wholeBlocks = (tensor.shape[0] ?? 1) % GGML_TYPES[base].blockElements === 0
  if (facts.mix === 'MXFP4_MOE' || facts.architecture === 'falcon' || !wholeBlocks || base === 'q8_0') return 'q8_0'
  return outputInQ5K.has(facts.mix) ? 'q5_K' : 'q6_K'
}

/** Expert matrices are the three-dimensional ones; Ling 3 (bailingmoe3) has other such tensors, so there roles decide. */
function mxfp4Type(facts: QuantizeFacts, tensor: TensorInfo, category: TensorCategory): GgmlType {
  const isFfn = category === 'ffn-up' || category === 'ffn-gate' || category === 'ffn-down'
  const isStacked = (tensor.shape[2] ?? 1) > 1
  return isStacked && (facts.architecture !== 'bailingmoe3' || isFfn) ? 'mxfp4' : 'q8_0'
}

/** Where the embeddings are not the output as well. */
const tokenEmbeddingTypes: Partial<Record<Mix, GgmlType>> = {
  IQ2_XXS: 'q2_K',
  IQ2_XS: 'q2_K',
  IQ1_S: 'q2_K',
  IQ1_M: 'q2_K',
  IQ2_S: 'iq3_s',
  IQ2_M: 'iq3_s',
  IQ3_XXS: 'iq3_s',
  TQ1_0: 'q4_K',
  TQ2_0: 'q4_K',
  Q2_0: 'q4_K',
}
