import { TOLD_EVERYTHING } from '../controls.ts'
import type { RunRequest, RunSettings } from '../../memory/settings.ts'
import type { Model } from '../../model/model.ts'
import type { Reason } from '../../placement/verdict.ts'
import { tokens } from '../../units.ts'
import type { Engine, LaunchInput } from '../engine.ts'
import type { Launch } from '../launch.ts'
import { LLAMA_SERVER_PORT } from '../llama-cpp-launch.ts'
import { llamaCppLimits } from '../llama-cpp-refusals.ts'
import { refuse } from '../setting-reasons.ts'
import { contextAsked, flagOf } from '../llama-cpp-settings.ts'
import { localFile } from '../model-file.ts'
import { olderBuildRefusals } from '../older-build-refusals.ts'
import { usedDevices, visibleDevices } from '../visible-devices.ts'
import { gpuArguments } from './gpu-flag.ts'
import { layerCounts, layersOnDevices } from '../../placement/layout.ts'

/** llama.cpp 8b3befc of 16 August 2024 (llama.cpp/README.llamafile); the tag is read from that day. */
const LLAMA_CPP_BUILD = 3595
/** `n_ubatch` of gpt_params, which the server has no option for; `-b` is capped at the same number. */
const UBATCH_SIZE = 512
/** `GGML_ASSERT(split_arg.size() <= llama_max_devices())`: one more than later versions take. */
const DEVICE_LIMIT = 16
/** The source has no limit; later versions began with this one (`LLAMA_MAX_SEQ`). */
const SEQUENCE_LIMIT = 64

const byLlamaCpp = olderBuildRefusals(LLAMA_CPP_BUILD, {
  ...llamaCppLimits,
  engine: 'llamafile',
  sequenceLimit: SEQUENCE_LIMIT,
  // Its split buffers cut matrices by rows, which no figure here follows.
  refusedSplitModes: { row: 'not-counted-for-this-version', tensor: 'not-offered-by-engine' },
})

const refusals: Engine['refusals'] = (model, machine, request) => [
  ...byLlamaCpp(model, machine, { ...request, flashAttention: flagOf(request) }),
  ...untold(request),
]

/** Options that llama.cpp had by then, and this server has not. */
const untold = ({ offloadKqv, opOffload }: RunRequest): readonly Reason[] => [
  ...(offloadKqv ? [] : [refuse('offloadKqv', 'false', 'not-offered-by-engine')]),
  ...(opOffload ? [] : [refuse('opOffload', 'false', 'not-offered-by-engine')]),
]

/**
 * llama.cpp/server/server.cpp and llama.cpp/common.h of that time. Logits are reserved for every token of a ubatch. The
 * output of a tied model multiplies by the matrix in host memory: seen with Llama 3.2, whose compute buffer is to the byte
 * that matrix, those logits and the hidden state (llamafile #598).
 */
function settings(request: RunRequest, model: Model): RunSettings {
  const ubatchSize = tokens(Math.min(UBATCH_SIZE, request.ubatchSize, request.batchSize))
  return {
    ...request,
    contextLength: contextAsked(request, model),
    ...{ batchSize: ubatchSize, ubatchSize, flashAttention: flagOf(request) },
    ...{ outputsMax: 0, pipelineAllowed: true, tiedOutputOnHost: true, llamaCppBuild: LLAMA_CPP_BUILD },
  }
}

/**
 * `llamafile --server`. `-b` carries the ubatch, which can be told in no other way. The cache's types are stated since they
 * default to bf16 on some processors. `-sm` comes last: the reader of another program in the same file (flags.cpp) stops
 * behind it, as it does not step over its value.
 */
function launch({ placement, machine, source, position = 0 }: LaunchInput): Launch {
  const devices = usedDevices(placement, machine)
  const { settings: run, split } = placement
  const counts = layerCounts(split)
  return {
    environment: visibleDevices(devices),
    program: 'llamafile',
    arguments: [
      ...['--server', '--nobrowser'],
      ...(position > 0 ? ['--port', String(LLAMA_SERVER_PORT + position)] : []),
      ...['-m', localFile(source)],
      ...['-c', String(run.contextLength)],
      ...['-np', String(run.parallel)],
      ...['-b', String(run.ubatchSize)],
      ...(run.flashAttention === 'on' ? ['-fa'] : []),
      ...['-ctk', run.cacheTypeK],
      ...['-ctv', run.cacheTypeV],
      ...gpuArguments(devices),
      ...['-ngl', String(layersOnDevices(split))],
      ...splitArguments(counts),
    ],
    files: [],
    afterwards: [],
  }
}

function splitArguments(counts: readonly number[]): readonly string[] {
  if (counts.length === 0) return []
  return counts.length > 1 ? ['-ts', counts.join(','), '-sm', 'layer'] : ['-mg', '0', '-sm', 'none']
}

export const llamafile0814: Engine = {
  id: 'llamafile',
  name: 'llamafile',
  version: '0.8.14',
  verifiedAgainst:
    'llamafile 0.8 of autumn 2024 (llama.cpp/server/server.cpp, llama.cpp/common.h, llamafile/flags.cpp)',
  controls: { ...TOLD_EVERYTHING, expertsOnHost: false, cacheOnHost: false, pipelineOff: false },
  backends: ['cuda', 'rocm', 'metal'],
  deviceLimit: DEVICE_LIMIT,
  slotLimit: SEQUENCE_LIMIT,
  refusals,
  settings,
  // Which pairs its own build of the kernels reads is not known.
  cachePairs: () => [{ cacheTypeK: 'f16', cacheTypeV: 'f16' }],
  launch,
  isService: true,
}
