import type { RunRequest, RunSettings } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import { type Tokens, tokens } from '../units.ts'

/** `extra_context_handle_fragmentation` of gpttype_adapter.cpp: cells beside what `--contextsize` asks for. */
export const EXTRA_CONTEXT = 128
/** `check_range` of `--contextsize`. */
export const CONTEXT_RANGE = { minimum: 256, maximum: 262_144 } as const
/** What `--batchsize` may be; -1 beside them turns batches off. */
const BATCH_SIZES = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096] as const
/** With `--pipelineparallel` the logical batch is doubled, and `GGML_SCHED_MAX_COPIES` is 2. */
const PIPELINE_DEPTH = 2
/** llama.cpp of mid-May 2026; nothing that is counted here changed between b8620 and b9410. */
const LLAMA_CPP_BUILD = 9200

/** The largest size that `--batchsize` takes and is not above what was asked for; the least where all are. */
export const batchSizeFor = (ubatchSize: Tokens, sizes: readonly number[]): Tokens =>
  tokens(sizes.findLast((size) => size <= ubatchSize) ?? sizes[0]!)

/**
 * `gpttype_load_model` of KoboldCpp 1.113.2: one sequence in a unified cache, ubatches of `--batchsize` tokens, logits
 * for every one of them, flash attention unless it is turned off.
 */
export function settings(request: RunRequest, model: Model): RunSettings {
  const contextSize = request.contextLength || Math.min(model.contextLengthTrained, CONTEXT_RANGE.maximum)
  const ubatchSize = batchSizeFor(request.ubatchSize, BATCH_SIZES)
  return {
    ...request,
    contextLength: tokens(contextSize + EXTRA_CONTEXT),
    parallel: 1,
    batchSize: tokens(PIPELINE_DEPTH * ubatchSize),
    ubatchSize,
    flashAttention: request.flashAttention === 'off' ? 'off' : 'on',
    kvUnified: true,
    outputsMax: 0,
    pipelineAllowed: true,
    pipelineCopies: PIPELINE_DEPTH,
    llamaCppBuild: LLAMA_CPP_BUILD,
  }
}
