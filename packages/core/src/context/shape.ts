import type { Model } from '../model/model.ts'
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
  const sequences = Math.max(1, settings.parallel)
  const requested = settings.contextLength || model.contextLengthTrained
  // The caps use the context before it is padded.
  const batchSize = Math.min(requested, settings.batchSize)
  const ubatchSize = Math.min(batchSize, settings.ubatchSize || settings.batchSize)
  const padded = padTo(requested, CELL_GRANULARITY)
  const contextPerSequence = settings.kvUnified ? padded : padTo(Math.floor(padded / sequences), CELL_GRANULARITY)
  const contextLength = settings.kvUnified ? padded : contextPerSequence * sequences
  const outputsMax = settings.outputsMax || batchSize
  const promptTokens = Math.min(contextLength, ubatchSize)
  return {
    contextLength,
    contextPerSequence,
    batchSize,
    ubatchSize,
    sequences,
    streams: settings.kvUnified ? 1 : sequences,
    windowCells: windowCells(model, settings, { contextPerSequence, ubatchSize, sequences }),
    outputsMax,
    promptTokens: padTo(promptTokens, sequences),
    promptOutputs: Math.min(promptTokens, outputsMax),
  }
}

/** `llama_kv_cache_iswa`: the window of every sequence that shares the cache, and the ubatch being written. */
function windowCells(
  model: Model,
  settings: RunSettings,
  context: { readonly contextPerSequence: number; readonly ubatchSize: number; readonly sequences: number },
): number {
  if (settings.swaFull) return context.contextPerSequence
  const windows = model.slidingWindow * (settings.kvUnified ? context.sequences : 1)
  return padTo(Math.min(context.contextPerSequence, windows + context.ubatchSize), CELL_GRANULARITY)
}
