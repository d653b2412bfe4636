import type { Model } from '../model/model.ts'
import { behaviourOf } from '../memory/behaviour.ts'
import type { RunSettings } from '../memory/settings.ts'
import { padTo } from '../units.ts'

/** `n_ctx` is a multiple of 256 cells: `GGML_PAD(cparams.n_ctx, 256)` of llama-context.cpp. */
export const CELL_GRANULARITY = 256

/** Sizes of one context after `llama_context::llama_context` has normalised what was asked for. */
export interface ContextShape {
  /** `n_ctx`, all sequences together. */
  readonly contextLength: number
  /** `n_ctx_seq`: what one sequence may use, and the cells of the base cache per stream. */
  readonly contextPerSequence: number
  readonly batchSize: number
  readonly ubatchSize: number
  readonly sequences: number
  /** Separate KV streams: one when unified, else one a sequence. */
  readonly streams: number
  readonly windowCells: number
  readonly outputsMax: number
  /** Tokens and output rows of the prompt graph that is reserved. */
  readonly promptTokens: number
  readonly promptOutputs: number
}

/** Mirrors the constructor of `llama_context`, `llama_kv_cache_iswa` and `graph_reserve` (llama.cpp 0.5.0-dev). Exact. */
export function contextShape(model: Model, settings: RunSettings): ContextShape {
  const behaviour = behaviourOf(settings.llamaCppBuild)
  const sequences = Math.max(1, settings.parallel)
  const kvUnified = settings.kvUnified || !behaviour.separateStreams
  const padding = cellPadding(settings)
  const requested = settings.contextLength || model.contextLengthTrained
  // The caps use the context before it is padded; only causal attention has the first.
  const batchSize = model.causal ? Math.min(requested, settings.batchSize) : settings.batchSize
  const ubatchSize = Math.min(batchSize, settings.ubatchSize || settings.batchSize)
  const padded = padTo(requested, padding)
  const contextPerSequence = kvUnified ? padded : padTo(Math.floor(padded / sequences), padding)
  const contextLength = kvUnified ? padded : contextPerSequence * sequences
  const outputsMax = (behaviour.limitsOutputs && settings.outputsMax) || batchSize
  const promptTokens = Math.min(contextLength, ubatchSize)
  const windows = model.slidingWindow * (kvUnified ? sequences : 1)
  const wholeWindows = settings.swaFull || !behaviour.windowedCache
  return {
    contextLength,
    contextPerSequence,
    batchSize,
    ubatchSize,
    sequences,
    streams: kvUnified || model.withoutCache ? 1 : sequences,
    // `llama_kv_cache_iswa`: the window of every sequence that shares the cache, and the ubatch being written.
    windowCells: wholeWindows ? contextPerSequence : padTo(Math.min(contextPerSequence, windows + ubatchSize), padding),
    outputsMax,
    promptTokens: padTo(promptTokens, sequences),
    promptOutputs: Math.min(promptTokens, outputsMax),
  }
}

/** Without flash attention older builds padded less; `auto` counts as on until it has been resolved. */
function cellPadding({ flashAttention, llamaCppBuild }: RunSettings): number {
  const { cellPadding: padding } = behaviourOf(llamaCppBuild)
  return flashAttention === 'off' ? padding.plain : padding.flashAttention
}
