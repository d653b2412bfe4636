import type { GgmlType } from '../header/ggml-type.ts'
import type { GgufHeader } from '../header/header.ts'

interface MixFacts {
  /** `llama_ftype`, the number a file carries as `general.file_type`. */
  readonly fileType: number
  /** `llama_ftype_get_default_type`: what a tensor gets when no rule of the mix says otherwise. */
  readonly baseType: GgmlType
  /** llama-quantize refuses this mix without an importance matrix (`tensor_requires_imatrix`). */
  readonly needsImportanceMatrix?: true
}

/**
 * The mixes llama-quantize makes, by the names it takes (`QUANT_OPTIONS` of tools/quantize/quantize.cpp, aliases and
 * COPY left out). A mix is not a type: Q4_K_M writes q4_K, q6_K and more.
 */
export const mixes = {
  F32: { fileType: 0, baseType: 'f32' },
  F16: { fileType: 1, baseType: 'f16' },
  BF16: { fileType: 32, baseType: 'bf16' },
  Q8_0: { fileType: 7, baseType: 'q8_0' },
  Q6_K: { fileType: 18, baseType: 'q6_K' },
  Q5_1: { fileType: 9, baseType: 'q5_1' },
  Q5_K_M: { fileType: 17, baseType: 'q5_K' },
  Q5_K_S: { fileType: 16, baseType: 'q5_K' },
  Q5_0: { fileType: 8, baseType: 'q5_0' },
  Q4_1: { fileType: 3, baseType: 'q4_1' },
  Q4_K_M: { fileType: 15, baseType: 'q4_K' },
  Q4_K_S: { fileType: 14, baseType: 'q4_K' },
  Q4_0: { fileType: 2, baseType: 'q4_0' },
  IQ4_NL: { fileType: 25, baseType: 'iq4_nl' },
  IQ4_XS: { fileType: 30, baseType: 'iq4_xs' },
  MXFP4_MOE: { fileType: 38, baseType: 'mxfp4' },
  Q3_K_L: { fileType: 13, baseType: 'q3_K' },
  Q3_K_M: { fileType: 12, baseType: 'q3_K' },
  IQ3_M: { fileType: 27, baseType: 'iq3_s' },
  Q3_K_S: { fileType: 11, baseType: 'q3_K' },
  IQ3_S: { fileType: 26, baseType: 'iq3_s' },
  IQ3_XS: { fileType: 22, baseType: 'iq3_s', needsImportanceMatrix: true },
  IQ3_XXS: { fileType: 23, baseType: 'iq3_xxs', needsImportanceMatrix: true },
  Q2_K: { fileType: 10, baseType: 'q2_K' },
  Q2_K_S: { fileType: 21, baseType: 'q2_K', needsImportanceMatrix: true },
  IQ2_M: { fileType: 29, baseType: 'iq2_s', needsImportanceMatrix: true },
  IQ2_S: { fileType: 28, baseType: 'iq2_xs', needsImportanceMatrix: true },
  IQ2_XS: { fileType: 20, baseType: 'iq2_xs', needsImportanceMatrix: true },
  IQ2_XXS: { fileType: 19, baseType: 'iq2_xxs', needsImportanceMatrix: true },
  Q2_0: { fileType: 41, baseType: 'q2_0' },
  TQ2_0: { fileType: 37, baseType: 'tq2_0' },
  IQ1_M: { fileType: 31, baseType: 'iq1_m', needsImportanceMatrix: true },
  TQ1_0: { fileType: 36, baseType: 'tq1_0' },
  IQ1_S: { fileType: 24, baseType: 'iq1_s', needsImportanceMatrix: true },
  Q1_0: { fileType: 40, baseType: 'q1_0' },
} as const satisfies Record<string, MixFacts>

export type Mix = keyof typeof mixes

export const mixNames = Object.keys(mixes) as readonly Mix[]

export const isMix = (text: string): text is Mix => Object.hasOwn(mixes, text)

const mixFacts: Readonly<Record<Mix, MixFacts>> = mixes

export const needsImportanceMatrix = (mix: Mix): boolean => mixFacts[mix].needsImportanceMatrix === true

/** The mix that a file says it is (`general.file_type`); undefined where it names none of these. */
export const mixOf = ({ metadata }: GgufHeader): Mix | undefined =>
  mixNames.find((mix) => mixFacts[mix].fileType === metadata['general.file_type'])
