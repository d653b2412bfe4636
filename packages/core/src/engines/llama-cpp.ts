import { TOLD_EVERYTHING } from './controls.ts'
import type { Engine } from './engine.ts'
import { cachePairs } from './llama-cpp-cache-types.ts'
import { chooseByFit } from './llama-cpp-choice.ts'
import { container } from './llama-cpp-container.ts'
import { launchLlamaServer } from './llama-cpp-launch.ts'
import { llamaServerSettings } from './llama-cpp-settings.ts'
import { DEVICE_LIMIT, ggufRefusals, llamaCppLimits, SEQUENCE_LIMIT } from './llama-cpp-refusals.ts'

export const llamaCpp: Engine = {
  id: 'llama.cpp',
  name: 'llama.cpp (llama-server)',
  version: '0.5.0-dev',
  verifiedAgainst: 'llama.cpp 0.5.0-dev (ggml 0.25.1)',
  controls: TOLD_EVERYTHING,
  backends: ['cuda', 'rocm', 'vulkan', 'metal', 'sycl'],
  deviceLimit: DEVICE_LIMIT,
  slotLimit: SEQUENCE_LIMIT,
  refusals: ggufRefusals(llamaCppLimits),
  settings: llamaServerSettings,
  cachePairs,
  choose: chooseByFit,
  launch: launchLlamaServer,
  container,
  isService: true,
}
