import { TOLD_EVERYTHING } from '../controls.ts'
import type { Engine, LaunchInput } from '../engine.ts'
import type { Launch } from '../launch.ts'
import { cachePairs } from '../llama-cpp-cache-types.ts'
import { llamaServerArguments } from '../llama-cpp-launch.ts'
import { DEVICE_LIMIT, llamaCppLimits, SEQUENCE_LIMIT } from '../llama-cpp-refusals.ts'
import { llamaServerSettings } from '../llama-cpp-settings.ts'
import { olderBuildRefusals } from '../older-build-refusals.ts'
import { usedDevices, visibleDevices } from '../visible-devices.ts'
import { gpuArguments } from './gpu-flag.ts'
import { llamafile0814 } from './llamafile-0-8-14.ts'

/** llama.cpp b10103 (c588c4f), to which 0.10.5 was synchronised by its release notes. */
const LLAMA_CPP_BUILD = 10_103

/** Since 0.10 the server is llama.cpp's own: `--server` and `--gpu` are taken out before it reads its options (args.cpp). */
function launch(input: LaunchInput): Launch {
  const devices = usedDevices(input.placement, input.machine)
  return {
    environment: visibleDevices(devices),
    program: 'llamafile',
    arguments: ['--server', ...gpuArguments(devices), ...llamaServerArguments(input, devices[0]?.backend)],
    files: [],
    afterwards: [],
  }
}

export const llamafile: Engine = {
  id: 'llamafile',
  name: 'llamafile',
  version: '0.10.5',
  earlier: [llamafile0814],
  verifiedAgainst: 'llamafile 0.10.5 (args.cpp, docs/cli_arguments.md), llama.cpp b10103 as later builds tell of it',
  controls: TOLD_EVERYTHING,
  backends: ['cuda', 'rocm', 'metal', 'vulkan'],
  deviceLimit: DEVICE_LIMIT,
  slotLimit: SEQUENCE_LIMIT,
  refusals: olderBuildRefusals(LLAMA_CPP_BUILD, {
    ...llamaCppLimits,
    engine: 'llamafile',
    refusedSplitModes: { row: 'row-split-needs-split-buffers', tensor: 'not-counted-for-this-version' },
  }),
  settings: (request, model) => ({ ...llamaServerSettings(request, model), llamaCppBuild: LLAMA_CPP_BUILD }),
  cachePairs,
  launch,
  isService: true,
}
