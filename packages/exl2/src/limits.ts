import { KIB, MIB } from '@berth/core'

/** What the reader accepts from a folder it does not trust. Every number states why it is that number. */

/**
 * The header of one safetensors file. 200,000 tensors at 120 bytes take 24 MB; the format's own limit is 100 MB.
 * Configurable.
 */
export const MAX_HEADER_BYTES = 32 * MIB

/** Headers of all files together, so that a thousand files cannot each spend the full allowance. Twice one header. */
export const MAX_HEADERS_RATIO = 2

/** `config.json` takes 1 to 100 KB; `quantization_config.json` lists every tensor and takes 1 to 5 MB. */
export const MAX_JSON_BYTES = 8 * MIB

/** Published configs nest four deep, safetensors headers two. */
export const MAX_JSON_DEPTH = 64

/** 200,000 tensors of about ten values each, and half as much again. */
export const MAX_JSON_VALUES = 3_000_000

/** The largest published mixtures quantized matrix by matrix list about 180,000 tensors. */
export const MAX_TENSORS = 200_000

/** The longest key in use has 90 characters. */
export const MAX_TENSOR_NAME_LENGTH = KIB / 2

/** Convolutions of vision towers have five. */
export const MAX_DIMENSIONS = 8

/** A 700 GB model in files of 8 GB has 90. */
export const MAX_FILES = 1000

/** Folders of models hold under 200 entries; reading stops here and not at the end of somebody's home folder. */
export const MAX_FOLDER_ENTRIES = 20_000

/**
 * How far into the file each request for a header reaches. A file of 8 GB lists 500 to 2,000 tensors in 50 to 250 KB;
 * what reaches further is asked for in one more step.
 */
export const HEADER_STEPS = [MIB / 4, 4 * MIB] as const
