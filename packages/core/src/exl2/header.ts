import type { Bytes } from '../units.ts'

/** Bits an element takes, by the names a safetensors header uses (`Dtype` of the safetensors crate). */
export const SAFETENSORS_DTYPES = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const satisfies Record<string, number>

export type SafetensorsDtype = keyof typeof SAFETENSORS_DTYPES

export const isSafetensorsDtype = (text: string): text is SafetensorsDtype => Object.hasOwn(SAFETENSORS_DTYPES, text)

/** One tensor as a safetensors file lists it: the outermost dimension first, none for a single number. */
export interface SafetensorsTensor {
  readonly name: string
  readonly dtype: SafetensorsDtype
  readonly shape: readonly number[]
  /** Length of its data in the file. */
  readonly bytes: Bytes
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }
export type JsonObject = { readonly [key: string]: JsonValue }

/** What an EXL2 or EXL3 folder says about itself, all its files together, as plain data that survives JSON. */
export interface Exl2Header {
  /** `config.json`. */
  readonly config: JsonObject
  /** `quantization_config` of `config.json`, or else `quantization_config.json` less its list of tensors. */
  readonly quantization: JsonObject
  readonly tensors: readonly SafetensorsTensor[]
}
