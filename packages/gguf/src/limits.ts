import { KIB, MIB } from '@berth/core'

/** What the reader accepts from a file it does not trust. Every number states why it is that number. */

/** A header with a 260k-token vocabulary and its merges takes about 16 MiB; four times that leaves room. Configurable. */
export const MAX_HEADER_BYTES = 64 * MIB

/** What is left after trimming: 200,000 tensor infos fit, and it stays well within a database row. Real ones take 20 to 100 KB. */
export const MAX_TRIMMED_BYTES = 32 * MIB

/** Headers of all shards together, so that a thousand shards cannot each spend the full allowance. Twice one header. */
export const MAX_SHARD_HEADERS_RATIO = 2

/** Real headers carry 20 to 60 key/values. */
export const MAX_KEY_VALUES = 65_536

/** The largest published models list about 2,000 tensors; unmerged experts reach about 50,000. */
export const MAX_TENSORS = 200_000

/** Keys are dotted words; the GGUF specification allows 64 KiB, the longest in use is under 80 bytes. */
export const MAX_KEY_BYTES = KIB

/** `GGML_MAX_NAME` (64) with its closing zero: llama.cpp refuses a file with a longer tensor name. */
export const MAX_TENSOR_NAME_BYTES = 63

/** Chat templates, the longest strings worth keeping, run to about 20 KB. Longer strings are dropped and only counted. */
export const MAX_KEPT_STRING_BYTES = MIB

/** A string longer than this is taken as damage, not data. */
export const MAX_STRING_BYTES = 16 * MIB

/** The largest vocabularies have 260k tokens and about 520k merges. */
export const MAX_ARRAY_ELEMENTS = 4 * 1024 * 1024

/** Arrays up to this long stay in the trimmed header: the planner needs one entry a block, and no model has 8,192 blocks. */
export const MAX_KEPT_ARRAY_ELEMENTS = 8192

/** 8,192 elements of the widest number; an array of strings must fit it too. */
export const MAX_KEPT_ARRAY_BYTES = 8 * MAX_KEPT_ARRAY_ELEMENTS

/** `GGML_MAX_DIMS`. */
export const MAX_DIMENSIONS = 4

/** 2^53 bytes are 9 PB; past that a JavaScript number is no longer exact. */
export const MAX_SAFE_SIZE = Number.MAX_SAFE_INTEGER

/** `GGUF_DEFAULT_ALIGNMENT`, used when `general.alignment` is absent. */
export const DEFAULT_ALIGNMENT = 32

/** Less than a u64 is no use to anyone; 0 divides by zero (GO-2025-3557 and its kin). */
export const MIN_ALIGNMENT = 8

/** The largest page size in use is 64 KiB; 2^31 made other readers allocate gigabytes of padding. */
export const MAX_ALIGNMENT = MIB

/** `split.count` is a u16; the most shards published for one file are about 200. */
export const MAX_SHARDS = 1000

/** Walking 64 MiB takes about 0.1 s; ten seconds means something is wrong. Time spent waiting for bytes is not counted. */
export const MAX_WALK_MS = 10_000

/**
 * Bytes of the file fetched after each request. Most headers without a tokenizer end in the first step, nearly all
 * in the second, and the third reaches the limit; reading stops as soon as the header ends, so a long step costs
 * only what is in flight.
 */
export const HTTP_STEPS = [MIB, 8 * MIB] as const

/** A trimmed header names what it left out under this prefix. */
export const TRIMMED_PREFIX = 'berth.trimmed.'
