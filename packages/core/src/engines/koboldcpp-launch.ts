import type { Backend, Device } from '../machine/machine.ts'
import type { Placement } from '../placement/verdict.ts'
import type { LaunchInput, ModelSource } from './engine.ts'
import { type KoboldCppOption, modelOption, optionArguments, settingsFile } from './koboldcpp-options.ts'
import { EXTRA_CONTEXT } from './koboldcpp-settings.ts'
import type { Launch } from './launch.ts'
import { bufferOverride } from './llama-cpp-launch.ts'
import { localFile } from './model-file.ts'
import { usedDevices, visibleDevices } from './visible-devices.ts'
import { layerCounts, layersOnDevices } from '../placement/layout.ts'

/** KoboldCpp 1.113.2 for a placement. Layers are stated, so that neither its estimate nor its autofit has a say. */
export function launchKoboldCpp({ placement, machine, source }: LaunchInput): Launch {
  const devices = usedDevices(placement, machine)
  return launchOf(devices, [
    modelOption(modelPath(source)),
    ...backendOptions(devices),
    ...contextOptions(placement),
    ...splitOptions(placement),
    ...overrideOptions(placement, devices[0]?.backend),
  ])
}

/** One list of options, said twice: as arguments, and as a file that stands for them. */
export const launchOf = (devices: readonly Device[], options: readonly KoboldCppOption[]): Launch => ({
  environment: visibleDevices(devices),
  program: 'koboldcpp',
  arguments: optionArguments(options),
  files: [settingsFile(options)],
  afterwards: [],
})

/**
 * A file of the hub is fetched from its address. KoboldCpp looks no repository up: without a file's name this is the one
 * that it is expected under in the working directory.
 */
export function modelPath(source: ModelSource): string {
  // argparse takes what begins with a dash for an option.
  if (source.kind === 'path') return source.path.startsWith('-') ? `./${source.path}` : source.path
  const { repository, file } = source
  return file === undefined ? localFile(source) : `https://huggingface.co/${repository}/resolve/main/${file}`
}

/** Without a number each uses all devices that the process sees; a number would hide the others again. */
const backendFlags = {
  cuda: 'usecuda',
  rocm: 'usecuda',
  vulkan: 'usevulkan',
  metal: undefined,
  sycl: undefined,
  rpc: undefined,
} as const satisfies Record<Backend, string | undefined>

function backendOptions([first]: readonly Device[]): readonly KoboldCppOption[] {
  if (!first) return [{ name: 'usecpu', value: true }]
  const name = backendFlags[first.backend]
  return name ? [{ name, value: [] }] : []
}

/** Without `--usemmap` host weights are copied, and repacked for the processor. */
function contextOptions({ settings, pipelineParallel }: Placement): readonly KoboldCppOption[] {
  return [
    { name: 'contextsize', value: settings.contextLength - EXTRA_CONTEXT },
    { name: 'batchsize', value: settings.ubatchSize },
    { name: 'quantkv', value: settings.cacheTypeK },
    { name: 'noflashattention', value: settings.flashAttention === 'off' },
    { name: 'lowvram', value: !settings.offloadKqv },
    { name: 'useswa', value: !settings.swaFull },
    { name: 'swapadding', value: 0 },
    { name: 'nopipelineparallel', value: !pipelineParallel },
    { name: 'usemmap', value: true },
  ]
}

function splitOptions({ split }: Placement): readonly KoboldCppOption[] {
  const counts = layerCounts(split)
  return [
    { name: 'gpulayers', value: layersOnDevices(split) },
    { name: 'splitmode', value: 'layer' },
    { name: 'maingpu', value: 0 },
    ...(counts.length > 1 ? [{ name: 'tensor_split', value: counts }] : []),
  ]
}

function overrideOptions({ split }: Placement, backend: Backend = 'cuda'): readonly KoboldCppOption[] {
  const { expertsOnHost, overrides } = split
  const said = overrides.map((one) => bufferOverride(one, backend)).join(',')
  return [
    { name: 'moecpu', value: expertsOnHost },
    ...(overrides.length > 0 ? [{ name: 'overridetensors', value: said }] : []),
  ]
}
