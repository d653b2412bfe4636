import type { Backend, Device, Machine } from '../../machine/machine.ts'
import type { Placement } from '../../placement/verdict.ts'
import { MIB } from '../../units.ts'
import type { LaunchInput } from '../engine.ts'
import type { Command, Launch, LaunchFile } from '../launch.ts'
import { usedDevices, visibleDevices } from '../visible-devices.ts'
import { gpuOverheadOf } from './choose-earlier.ts'
import { modelfile, type ModelfileParameters } from './modelfile.ts'
import { marginOf } from './place-run.ts'

type Environment = Launch['environment']
type Variable = Environment[number]

/** Ollama with llama-server inside (0.30 on): the margin is the fit's target. */
export function launchOllama(input: LaunchInput): Launch {
  const { placement, machine } = input
  const devices = usedDevices(placement, machine)
  const environment = [
    ...hiddenRocm(devices, machine),
    ...hiddenVulkan(devices, machine),
    ...fitTarget(placement, devices),
  ]
  return launch(input, { environment, numBatch: placement.settings.ubatchSize })
}

/** Ollama 0.6: the margin is taken off what every GPU has free before layers are handed out. */
export function launchEarlierOllama(input: LaunchInput): Launch {
  const { settings } = input.placement
  const overhead = { name: 'OLLAMA_GPU_OVERHEAD', value: String(gpuOverheadOf(settings)) }
  const environment = [...hiddenRocm(usedDevices(input.placement, input.machine), input.machine), overhead]
  return launch(input, { environment, numBatch: Math.floor(settings.batchSize / settings.parallel) })
}

/** What the versions say in words of their own. */
interface OfVersion {
  readonly environment: Environment
  readonly numBatch: number
}

/**
 * `ollama serve` with everything that the plan decided, the model made of a Modelfile, and an empty prompt that loads it. Its
 * layers cannot be told: which GPUs it sees, and the settings, lead it to the same ones. OLLAMA_KV_CACHE_TYPE and
 * OLLAMA_FLASH_ATTENTION hold for every model of the server.
 */
function launch(
  { placement, machine, source, position = 0 }: LaunchInput,
  { environment, numBatch }: OfVersion,
): Launch {
  const name = modelName(placement)
  const parameters = parametersOf(placement, numBatch)
  return {
    environment: [
      ...visibleDevices(usedDevices(placement, machine)),
      ...serverSettings(placement, parameters.num_ctx),
      ...environment,
      ...(position > 0 ? [{ name: 'OLLAMA_HOST', value: `127.0.0.1:${OLLAMA_PORT + position}` }] : []),
    ],
    program: 'ollama',
    arguments: ['serve'],
    files: [
      { name: 'Modelfile', language: 'modelfile', content: modelfile(source, parameters), use: 'needed' },
      apiRequest(name, parameters),
    ],
    // Servers share their models, so that the first makes them for all; the others load theirs by the request.
    afterwards: [ollama('create', name, '-f', 'Modelfile'), ...(position > 0 ? [] : [ollama('run', name, '')])],
  }
}

const ollama = (...list: readonly string[]): Command => ({ program: 'ollama', arguments: list })

/** What Ollama takes as a name: letters, digits, dashes, dots and underscores. */
function modelName({ model }: Placement): string {
  const plain = model
    .toLowerCase()
    .replaceAll(/[^a-z\d._-]+/g, '-')
    .replaceAll(/^[^a-z\d]+|[^a-z\d]+$/g, '')
  return plain.slice(0, NAME_LENGTH) || 'model'
}

export const OLLAMA_PORT = 11_434

/** Names are parts of a path under the model store; Ollama takes up to 80 characters. */
const NAME_LENGTH = 60

/** Layers are left to Ollama by -1, so that its own choice, which the plan foretells, takes place. */
const parametersOf = ({ settings, split }: Placement, numBatch: number) =>
  ({
    num_ctx: Math.floor(settings.contextLength / settings.parallel),
    num_gpu: split.devices.length === 0 ? 0 : -1,
    num_batch: numBatch,
    use_mmap: true,
  }) satisfies ModelfileParameters

function serverSettings({ settings, flashAttention }: Placement, numCtx: number): Environment {
  // Left at auto where it comes out as off: the cache is laid out otherwise than with a plain off.
  const mode = settings.flashAttention === 'auto' && !flashAttention ? [] : [flashAttention ? '1' : '0']
  return [
    { name: 'OLLAMA_CONTEXT_LENGTH', value: String(numCtx) },
    { name: 'OLLAMA_NUM_PARALLEL', value: String(settings.parallel) },
    ...mode.map((value): Variable => ({ name: 'OLLAMA_FLASH_ATTENTION', value })),
    { name: 'OLLAMA_KV_CACHE_TYPE', value: settings.cacheTypeK },
    { name: 'OLLAMA_SCHED_SPREAD', value: '0' },
    { name: 'OLLAMA_MAX_LOADED_MODELS', value: '1' },
  ]
}

/** A figure a device in the order in which llama-server sees them, in MiB. */
const fitTarget = ({ settings }: Placement, devices: readonly Device[]): Environment => {
  if (devices.length === 0) return []
  const margins = devices.map((device) => Math.ceil(marginOf(settings, device) / MIB))
  return [{ name: 'LLAMA_ARG_FIT_TARGET', value: margins.join(',') }]
}

const has = (machine: Machine, backend: Backend): boolean =>
  machine.devices.some((device) => device.backend === backend)

/** Ollama compares the memory of all libraries' cards; AMD's would be found beside the NVIDIA cards that it is shown. */
const hiddenRocm = ([first]: readonly Device[], machine: Machine): Environment =>
  first?.backend === 'cuda' && has(machine, 'rocm') ? [{ name: 'ROCR_VISIBLE_DEVICES', value: '-1' }] : []

/** Cards that CUDA and ROCm do not show, Vulkan would. ROCm heeds CUDA_VISIBLE_DEVICES too, so that cannot hide NVIDIA's alone. */
function hiddenVulkan([first]: readonly Device[], machine: Machine): Environment {
  if (first?.backend !== 'cuda' && first?.backend !== 'rocm') return []
  const besideRocm = first.backend === 'rocm' && has(machine, 'cuda')
  return [
    ...(besideRocm ? [{ name: 'OLLAMA_LLM_LIBRARY', value: 'rocm' }] : []),
    { name: 'GGML_VK_VISIBLE_DEVICES', value: '-1' },
  ]
}

/** The same by the API, for one request: it loads the model, and keeps it. */
const apiRequest = (model: string, options: ModelfileParameters): LaunchFile => ({
  name: 'request.json',
  language: 'json',
  content: `${JSON.stringify({ model, prompt: '', stream: false, keep_alive: -1, options }, null, 2)}\n`,
  use: 'request',
})
