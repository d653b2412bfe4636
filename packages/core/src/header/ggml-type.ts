import { bytes, type Bytes } from '../units.ts'

/**
 * ggml's tensor types: the number in the file, elements per block, bytes per block.
 * Mirrors `type_traits` of ggml.c and the block structs of ggml-common.h (ggml 0.25.1). Exact.
 */
export const GGML_TYPES = {
  f32: { id: 0, blockElements: 1, blockBytes: 4 },
  f16: { id: 1, blockElements: 1, blockBytes: 2 },
  q4_0: { id: 2, blockElements: 32, blockBytes: 18 },
  q4_1: { id: 3, blockElements: 32, blockBytes: 20 },
  q5_0: { id: 6, blockElements: 32, blockBytes: 22 },
  q5_1: { id: 7, blockElements: 32, blockBytes: 24 },
  q8_0: { id: 8, blockElements: 32, blockBytes: 34 },
  q8_1: { id: 9, blockElements: 32, blockBytes: 36 },
  q2_K: { id: 10, blockElements: 256, blockBytes: 84 },
  q3_K: { id: 11, blockElements: 256, blockBytes: 110 },
  q4_K: { id: 12, blockElements: 256, blockBytes: 144 },
  q5_K: { id: 13, blockElements: 256, blockBytes: 176 },
  q6_K: { id: 14, blockElements: 256, blockBytes: 210 },
  q8_K: { id: 15, blockElements: 256, blockBytes: 292 },
  iq2_xxs: { id: 16, blockElements: 256, blockBytes: 66 },
  iq2_xs: { id: 17, blockElements: 256, blockBytes: 74 },
  iq3_xxs: { id: 18, blockElements: 256, blockBytes: 98 },
  iq1_s: { id: 19, blockElements: 256, blockBytes: 50 },
  iq4_nl: { id: 20, blockElements: 32, blockBytes: 18 },
  iq3_s: { id: 21, blockElements: 256, blockBytes: 110 },
  iq2_s: { id: 22, blockElements: 256, blockBytes: 82 },
  iq4_xs: { id: 23, blockElements: 256, blockBytes: 136 },
  i8: { id: 24, blockElements: 1, blockBytes: 1 },
  i16: { id: 25, blockElements: 1, blockBytes: 2 },
  i32: { id: 26, blockElements: 1, blockBytes: 4 },
  i64: { id: 27, blockElements: 1, blockBytes: 8 },
  f64: { id: 28, blockElements: 1, blockBytes: 8 },
  iq1_m: { id: 29, blockElements: 256, blockBytes: 56 },
  bf16: { id: 30, blockElements: 1, blockBytes: 2 },
  tq1_0: { id: 34, blockElements: 256, blockBytes: 54 },
  tq2_0: { id: 35, blockElements: 256, blockBytes: 66 },
  mxfp4: { id: 39, blockElements: 32, blockBytes: 17 },
  nvfp4: { id: 40, blockElements: 64, blockBytes: 36 },
  q1_0: { id: 41, blockElements: 128, blockBytes: 18 },
  q2_0: { id: 42, blockElements: 64, blockBytes: 18 },
} as const satisfies Record<string, { id: number; blockElements: number; blockBytes: number }>

export type GgmlType = keyof typeof GGML_TYPES

export const ggmlTypeNames = Object.keys(GGML_TYPES) as readonly GgmlType[]

const typeById: ReadonlyMap<number, GgmlType> = new Map(ggmlTypeNames.map((name) => [GGML_TYPES[name].id, name]))

/** The type a file's number stands for, or undefined for one this version of ggml does not know. */
export const ggmlTypeById = (id: number): GgmlType | undefined => typeById.get(id)

export const isGgmlType = (text: string): text is GgmlType => Object.hasOwn(GGML_TYPES, text)

/** `ggml_is_quantized`: more than one element a block. */
export const isQuantized = (type: GgmlType): boolean => GGML_TYPES[type].blockElements > 1

/** `ggml_row_size`: bytes of `elements` contiguous elements; a whole number of blocks is the caller's duty. Exact. */
export const rowBytes = (type: GgmlType, elements: number): Bytes => {
  const { blockElements, blockBytes } = GGML_TYPES[type]
  return bytes((blockBytes * elements) / blockElements)
}
