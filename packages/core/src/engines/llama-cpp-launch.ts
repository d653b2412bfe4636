import type { Backend } from '../machine/machine.ts'
import { HOST, type PlaceIndex, type TensorOverride } from '../memory/run-memory.ts'
import type { Placement } from '../placement/verdict.ts'
import { MIB } from '../units.ts'
import type { LaunchInput, ModelSource } from './engine.ts'
import type { Launch } from './launch.ts'
import { usedDevices, visibleDevices } from './visible-devices.ts'
import { layerCounts, layersOnDevices } from '../placement/layout.ts'

/** llama-server's own `--port`. */
export const LLAMA_SERVER_PORT = 8080
/** llama-server's own `--cache-ram`: idle slots' states kept in host memory, in MiB. */
const DEFAULT_CACHE_RAM_MIB = 8192

/**
 * `llama-server` for a placement: everything the plan decided is stated, nothing is left to a default or to `--fit`.
 * `-ts` carries the layer counts themselves, whose sum is `-ngl`; that reproduces the split under llama.cpp's float32 rule.
 */
export function launchLlamaServer(input: LaunchInput): Launch {
  const devices = usedDevices(input.placement, input.machine)
  return {
    environment: visibleDevices(devices),
    program: 'llama-server',
    arguments: llamaServerArguments(input, devices[0]?.backend),
    files: [],
    afterwards: [],
  }
}

/** What any program that carries `llama-server` takes; without a backend, nothing is said that names one's buffers. */
export const llamaServerArguments = (
  { placement, source, position = 0 }: LaunchInput,
  backend?: Backend,
): readonly string[] => [
  ...modelArguments(source),
  ...contextArguments(placement),
  ...cacheArguments(placement),
  ...splitArguments(placement, backend),
  ...hostArguments(placement),
  ...['--fit', 'off'],
  ...(position > 0 ? ['--port', String(LLAMA_SERVER_PORT + position)] : []),
]

/** A projector found beside the model on the hub would be loaded and is not part of the plan. */
function modelArguments(source: ModelSource): readonly string[] {
  if (source.kind === 'path') return ['-m', source.path]
  const repository = source.quantization ? `${source.repository}:${source.quantization}` : source.repository
  return ['-hf', repository, ...(source.file ? ['-hff', source.file] : []), '--no-mmproj']
}

function contextArguments({ settings }: Placement): readonly string[] {
  return [
    ...['-c', String(settings.contextLength)],
    ...['-np', String(settings.parallel)],
    settings.kvUnified ? '--kv-unified' : '--no-kv-unified',
    ...['-b', String(settings.batchSize)],
    ...['-ub', String(settings.ubatchSize)],
  ]
}

/** `auto` that resolves to off lays its cache out otherwise than `off`, so only `on` may be stated in its place. */
function cacheArguments({ settings, flashAttention }: Placement): readonly string[] {
  const mode = settings.flashAttention === 'auto' && flashAttention ? 'on' : settings.flashAttention
  return [
    ...['-fa', mode],
    ...['-ctk', settings.cacheTypeK],
    ...['-ctv', settings.cacheTypeV],
    settings.offloadKqv ? '--kv-offload' : '--no-kv-offload',
    settings.opOffload ? '--op-offload' : '--no-op-offload',
    ...(settings.swaFull ? ['--swa-full'] : []),
  ]
}

function splitArguments({ split }: Placement, backend: Backend = 'cuda'): readonly string[] {
  const counts = layerCounts(split)
  return [
    ...['-ngl', String(layersOnDevices(split))],
    ...(counts.length > 1
      ? ['-sm', split.tensor ? 'tensor' : 'layer', '-ts', counts.join(',')]
      : ['-sm', 'none', '-mg', '0']),
    ...(split.expertsOnHost > 0 ? ['--n-cpu-moe', String(split.expertsOnHost)] : []),
    ...(split.overrides.length > 0
      ? ['-ot', split.overrides.map((one) => bufferOverride(one, backend)).join(',')]
      : []),
  ]
}

/** Names of ggml's buffer types, before the number of the device. */
const bufferTypes = {
  cuda: 'CUDA',
  rocm: 'ROCm',
  vulkan: 'Vulkan',
  metal: 'MTL',
  sycl: 'SYCL',
  rpc: 'RPC',
} as const satisfies Record<Backend, string>

/** One value of `--override-tensor`. Throws for a pattern that it cannot carry. */
export function bufferOverride({ pattern, place }: TensorOverride, backend: Backend): string {
  if (/[,=]/.test(pattern)) throw new Error(`--override-tensor cannot carry "${pattern}": it is cut at , and =`)
  return `${pattern}=${bufferTypeName(place, backend)}`
}

/** `ggml_backend_buft_name`, which for a device is also its own name. */
export const bufferTypeName = (place: PlaceIndex, backend: Backend): string =>
  place === HOST ? 'CPU' : `${bufferTypes[backend]}${place}`

/** The prompt cache grows into host memory long after the start; where less is left than its default, it gets the rest. */
function hostArguments({ memory }: Placement): readonly string[] {
  const host = memory.find(({ place }) => place.kind === 'host')
  if (!host || host.capacityUnknown) return []
  const left = Math.max(0, Math.floor(host.headroom / MIB))
  return left < DEFAULT_CACHE_RAM_MIB ? ['--cache-ram', String(left)] : []
}
