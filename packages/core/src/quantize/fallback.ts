import { GGML_TYPES, type GgmlType } from '../header/ggml-type.ts'

/** What stands in for a type of 256 (or 64) elements a block where a row is no whole number of blocks. */
const narrower: Partial<Record<GgmlType, GgmlType>> = {
  iq1_s: 'iq4_nl',
  iq1_m: 'iq4_nl',
  iq2_xxs: 'iq4_nl',
  iq2_xs: 'iq4_nl',
  iq2_s: 'iq4_nl',
  iq3_xxs: 'iq4_nl',
  iq3_s: 'iq4_nl',
  iq4_xs: 'iq4_nl',
  q2_0: 'q4_0',
  q2_K: 'q4_0',
  q3_K: 'q4_0',
  tq1_0: 'q4_0',
  tq2_0: 'q4_0',
  q4_K: 'q5_0',
  q5_K: 'q5_1',
  q6_K: 'q8_0',
}

const divides = (type: GgmlType, rowElements: number): boolean => rowElements % GGML_TYPES[type].blockElements === 0

/**
 * `tensor_type_fallback` of llama-quant.cpp: the type itself where rows are whole blocks, else its narrower stand-in,
 * else f16. Exact, but for q1_0 (128 a block), where llama-quantize stops with an error and this answers f16.
 */
export function fittingType(type: GgmlType, rowElements: number): GgmlType {
  if (divides(type, rowElements)) return type
  const standIn = narrower[type]
  return standIn !== undefined && divides(standIn, rowElements) ? standIn : 'f16'
}
