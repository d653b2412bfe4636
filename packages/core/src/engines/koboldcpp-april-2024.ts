import { TOLD_EVERYTHING } from './controls.ts'
import { GGML_TYPES } from '../header/ggml-type.ts'
import type { RunRequest, RunSettings } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import type { Reason } from '../placement/verdict.ts'
import { tokens } from '../units.ts'
import type { Engine, LaunchInput } from './engine.ts'
import { launchOf, modelPath } from './koboldcpp-launch.ts'
import { modelOption } from './koboldcpp-options.ts'
import { untold } from './koboldcpp-refusals.ts'
import { batchSizeFor } from './koboldcpp-settings.ts'
import type { Launch } from './launch.ts'
import { type GgufLimits, ggufRefusals } from './llama-cpp-refusals.ts'
import { refuse } from './setting-reasons.ts'
import { usedDevices } from './visible-devices.ts'
import { layerCounts, layersOnDevices } from '../placement/layout.ts'

/** Cells beside `--contextsize`, for context shifting: 80 at the turn of 2024, 120 by its end; the larger is counted. */
const EXTRA_CONTEXT = 120
/** Values of `--contextsize` that every build of that spring takes. */
const CONTEXT_SIZES = [
  ...[256, 512, 1024, 2048, 3072, 4096, 6144, 8192, 12_288, 16_384, 24_576, 32_768, 65_536],
] as const
const LARGEST_CONTEXT = CONTEXT_SIZES.at(-1)!
/** `--blasbatchsize`. */
const BATCH_SIZES = [32, 64, 128, 256, 512, 1024, 2048] as const
/** llama.cpp of mid-April 2024. */
const LLAMA_CPP_BUILD = 2690

/** `LLM_ARCH_NAMES` of that llama.cpp: OLMo, Phi-3 and everything after them came later. */
const ARCHITECTURES: ReadonlySet<string> = new Set([
  ...['llama', 'falcon', 'grok', 'gpt2', 'mpt', 'baichuan', 'starcoder', 'refact', 'bert', 'nomic-bert', 'bloom'],
  ...['stablelm', 'qwen', 'qwen2', 'qwen2moe', 'phi2', 'plamo', 'codeshell', 'orion', 'internlm2', 'minicpm', 'gemma'],
  ...['starcoder2', 'mamba', 'xverse', 'command-r', 'dbrx'],
])

/** ggml numbers its types as they come: iq1_m was the last one before, bf16 the next. */
const FIRST_LATER_TYPE = GGML_TYPES.bf16.id

const limits: GgufLimits = {
  engine: 'koboldcpp',
  architectures: ARCHITECTURES,
  sequenceLimit: 1,
  contextLength: { minimum: CONTEXT_SIZES[0], maximum: LARGEST_CONTEXT },
  refusedSplitModes: { row: 'not-counted-for-this-version', tensor: 'not-offered-by-engine' },
  cacheTypes: ['f16'],
}

const byLlamaCpp = ggufRefusals(limits)

const refusals: Engine['refusals'] = (model, machine, request) => [
  ...byLlamaCpp(model, machine, request),
  ...untold(request),
  ...laterFlashAttention(request),
  ...laterTypes(model),
]

/** It came to llama.cpp on 30 April 2024. */
const laterFlashAttention = ({ flashAttention }: RunRequest): readonly Reason[] =>
  flashAttention === 'on' ? [refuse('flashAttention', 'on', 'not-offered-by-engine')] : []

const laterTypes = (model: Model): readonly Reason[] =>
  [...new Set([...model.tensors.values()].map(({ type }) => type))]
    .filter((type) => GGML_TYPES[type].id >= FIRST_LATER_TYPE)
    .map((type) => ({ code: 'format-not-readable', format: `GGUF (${type})`, engine: 'koboldcpp' }))

/** The next size that `--contextsize` takes; a model trained for more gets the largest. */
function contextSizeFor(request: RunRequest, model: Model): number {
  const asked = request.contextLength || model.contextLengthTrained
  return CONTEXT_SIZES.find((size) => size >= asked) ?? LARGEST_CONTEXT
}

/** Attention without the flash kernel, an F16 cache, one sequence, logits for every token of a batch. An upper bound. */
function settings(request: RunRequest, model: Model): RunSettings {
  const ubatchSize = batchSizeFor(request.ubatchSize, BATCH_SIZES)
  return {
    ...request,
    contextLength: tokens(contextSizeFor(request, model) + EXTRA_CONTEXT),
    ...{ parallel: 1, batchSize: ubatchSize, ubatchSize },
    ...{ flashAttention: 'off', kvUnified: true, swaFull: true },
    ...{ outputsMax: 0, pipelineAllowed: true, llamaCppBuild: LLAMA_CPP_BUILD },
  }
}

/** `mmq` keeps quantized matrices as they are, as later versions do unasked. */
function launch({ placement, machine, source }: LaunchInput): Launch {
  const devices = usedDevices(placement, machine)
  const { settings: run, split } = placement
  const counts = layerCounts(split)
  return launchOf(devices, [
    modelOption(modelPath(source)),
    { name: 'usecublas', value: [run.offloadKqv ? 'normal' : 'lowvram', 'mmq'] },
    { name: 'contextsize', value: run.contextLength - EXTRA_CONTEXT },
    { name: 'blasbatchsize', value: run.ubatchSize },
    { name: 'gpulayers', value: layersOnDevices(split) },
    ...(counts.length > 1 ? [{ name: 'tensor_split', value: counts }] : []),
  ])
}

/** Of the week in which Llama 3 came out. It decides nothing by itself: without `--gpulayers` no layer is offloaded. */
export const koboldCppApril2024: Engine = {
  id: 'koboldcpp',
  name: 'KoboldCpp',
  version: '1.63',
  verifiedAgainst: 'koboldcpp.py and gpttype_adapter.cpp of early 2024; llama.cpp of mid-April 2024 by its change log',
  controls: { ...TOLD_EVERYTHING, expertsOnHost: false, pipelineOff: false },
  backends: ['cuda'],
  deviceLimit: 16,
  slotLimit: 1,
  refusals,
  settings,
  cachePairs: () => [{ cacheTypeK: 'f16', cacheTypeV: 'f16' }],
  launch,
  isService: true,
}
