import type { CacheType, FlashAttention, SplitMode } from '@berth/core'

/** One line of `cases.jsonl`: a configuration and what llama.cpp answered. Sizes in bytes, device memory in MiB. */
export interface ConformanceCase {
  readonly id: string
  readonly tag: string
  readonly header: string
  readonly devices: readonly { readonly total: number; readonly free?: number }[]
  readonly config: CaseConfig
  readonly expect: CaseExpectation
}

export interface CaseConfig {
  readonly ctx: number
  readonly batch: number
  readonly ubatch: number
  readonly seq: number
  readonly outputs_max: number
  readonly fa: FlashAttention
  readonly ctk: CacheType
  readonly ctv: CacheType
  readonly kvu: boolean
  readonly ngl: number
  readonly sm: SplitMode
  readonly mg: number
  /** Blocks with experts on the host; negative for all. */
  readonly ncmoe: number
  readonly ts?: readonly number[]
  readonly ot?: readonly (readonly [pattern: string, buffer: string])[]
  readonly nkvo?: boolean
  readonly op_offload?: boolean
  readonly swa_full?: boolean
  readonly pp?: boolean
  /** Present where llama.cpp fitted the parameters itself. */
  readonly fit?: { readonly margin?: number }
}

interface Buffers {
  readonly weights?: number
  readonly kv?: number
  readonly kv_swa?: number
  readonly kv_idx?: number
  readonly rs?: number
  readonly compute?: number
  readonly output?: number
}

export interface CaseExpectation {
  readonly ok: boolean
  readonly error?: string
  readonly layers?: Readonly<Record<string, { readonly n: number; readonly first: number; readonly last: number }>>
  readonly dev_output?: string
  readonly ctx?: { readonly n_ctx: number; readonly flash_attn: boolean; readonly pipeline_parallel: boolean }
  readonly bufs?: Readonly<Record<string, Buffers>>
  readonly phases?: Readonly<Record<'pp' | 'tg' | 'fitview', Readonly<Record<string, number>>>>
  readonly fit?: {
    readonly status: number
    readonly n_ctx: number
    readonly ngl: number
    readonly ts: readonly number[]
    readonly ot: readonly (readonly [string, string])[]
  }
}
