import type { RunRequest, RunSettings } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import type { Engine } from './engine.ts'
import { cachePairs } from './llama-cpp-cache-types.ts'
import { chooseByFit } from './llama-cpp-choice.ts'
import { container } from './llama-cpp-container.ts'
import { launchLlamaServer } from './llama-cpp-launch.ts'
import { DEVICE_LIMIT, ggufRefusals, llamaCppLimits, SEQUENCE_LIMIT } from './llama-cpp-refusals.ts'

/**
 * `llama-server` of llama.cpp. It states the rows of logits it will ask for (`server_output_limits`), so that the output
 * layer's device holds one row a slot instead of one a token of the ubatch; `-c 0` becomes the trained context.
 */
function settings(request: RunRequest, model: Model): RunSettings {
  const contextLength = request.contextLength === 0 ? model.contextLengthTrained : request.contextLength
  const batchSize = Math.min(contextLength, request.batchSize)
  return {
    ...request,
    contextLength,
    outputsMax: Math.max(1, Math.min(batchSize, request.parallel)),
    pipelineAllowed: true,
  }
}

export const llamaCpp: Engine = {
  id: 'llama.cpp',
  name: 'llama.cpp (llama-server)',
  version: '0.5.0-dev',
  verifiedAgainst: 'llama.cpp 0.5.0-dev (ggml 0.25.1)',
  controls: {
    placesItself: false,
    layersPerDevice: true,
    blocksOnHost: true,
    expertsOnHost: true,
    cacheOnHost: true,
    pipelineOff: true,
    deviceOrder: true,
  },
  backends: ['cuda', 'rocm', 'vulkan', 'metal', 'sycl'],
  deviceLimit: DEVICE_LIMIT,
  slotLimit: SEQUENCE_LIMIT,
  refusals: ggufRefusals(llamaCppLimits),
  settings,
  cachePairs,
  choose: chooseByFit,
  launch: launchLlamaServer,
  container,
  isService: true,
}
