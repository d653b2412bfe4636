import { fail, ok, type Result } from '../../result.ts'
import { type Bytes, bytes, GIB, mebibytes, padTo } from '../../units.ts'
import { CUBLAS_WORKSPACE } from '../activations.ts'
import { type Exl2DeviceMemory, figure } from '../device-memory.ts'
import type { Exl2Model } from '../model.ts'
import { type Exl2Placement, type Exl2Refused, EXL2_HOST } from '../placement.ts'
import { oneTensor, runBytes, type TensorRun } from '../tensor-run.ts'
import { allocateAll, emptyPool, LARGE_BUFFER, type TorchPool } from '../torch-allocator.ts'
import { exl3ActivationBytes } from './activations.ts'
import { exl3CacheTensors } from './cache.ts'
import { type Exl3Module, exl3Modules } from './modules.ts'
import type { Exl3Settings } from './settings.ts'

/** A device as the loader finds it, and what it is told about it: `reserve_per_device` or `use_per_device`. */
export interface Exl3Device {
  /** What the process may still take there, its driver context made. */
  readonly available: Bytes
  readonly limit: { readonly kind: 'reserve' | 'use'; readonly bytes: Bytes }
}

/** `reserve_per_device` where nothing is said: 0.5 GiB, though the docstring says 0.25 (`load_gen`). */
export const exl3Reserve: Bytes = bytes(GIB / 2)

/** Newer versions load weights into slabs of 128 MiB; the last one of a device is never full. */
export const SLAB = mebibytes(128)

/**
 * The layer split of ExLlamaV3 (`Model_LSMixin._load_autosplit`, exllamav3/model/model_ls.py): each module is loaded, with
 * its cache, and run once on the current device under a cap on what PyTorch may hold there; when that is reached, it and
 * all that follow go to the next. A negative reserve, or nothing to use, leaves a device out. The cap is
 * `set_memory_fraction_reserve` or `_use` (exllamav3/util/memory.py). Passes and slabs are assumed, see their functions.
 */
export function exl3Split(
  model: Exl2Model,
  settings: Exl3Settings,
  devices: readonly Exl3Device[],
): Result<Exl2Placement, Exl2Refused> {
  const modules = exl3Modules(model)
  const active = devices.flatMap((device, position) => (isUsed(device) ? [position] : []))
  const places: number[] = []
  let current = 0
  let pool = emptyPool
  for (const [index, module] of modules.entries()) {
    if (module.kind === 'embedding') {
      places.push(EXL2_HOST)
      continue
    }
    for (;;) {
      const position = active[current]
      const capacity = position === undefined ? 0 : capOf(devices[position]!)
      const { requested, pool: filled } = loadAndRun(model, settings, module, pool)
      if (position !== undefined && requested <= capacity) {
        pool = filled
        places.push(position)
        break
      }
      if (current + 1 >= active.length) {
        return fail({ module: index, device: position ?? -1, requested, capacity })
      }
      current++
      pool = emptyPool
    }
  }
  return ok({
    places,
    devices: devices.map((device, position) =>
      deviceMemory({ model, settings, device, modules: modules.filter((_, index) => places[index] === position) }),
    ),
    hostBytes: runBytes(modules[0]!.resident),
  })
}

const isUsed = ({ limit }: Exl3Device): boolean => (limit.kind === 'reserve' ? limit.bytes >= 0 : limit.bytes > 0)

const capOf = ({ available, limit }: Exl3Device): number =>
  limit.kind === 'reserve' ? available - limit.bytes : Math.min(available, limit.bytes)

/** A module more on a device, and what PyTorch asks for there while it runs. */
function loadAndRun(model: Exl2Model, settings: Exl3Settings, module: Exl3Module, pool: TorchPool) {
  const filled = allocateAll(pool, loadedTensors(model, settings, module))
  const pass = padTo(exl3ActivationBytes(model, module, settings), LARGE_BUFFER)
  return { pool: filled, requested: filled.reserved + pass + CUBLAS_WORKSPACE + SLAB }
}

/** The most that a device asks for while these modules are loaded onto it, one after the other, and run. */
export function exl3LoadPeak(model: Exl2Model, settings: Exl3Settings, modules: readonly Exl3Module[]): number {
  let [pool, peak] = [emptyPool, 0]
  for (const module of modules) {
    const loaded = loadAndRun(model, settings, module, pool)
    pool = loaded.pool
    peak = Math.max(peak, loaded.requested)
  }
  return peak
}

/** A block's weights, and with them its cache (`Attention.load`). */
const loadedTensors = (model: Exl2Model, settings: Exl3Settings, module: Exl3Module): readonly TensorRun[] => [
  ...module.resident,
  ...cacheOf(model, settings, module),
]

const cacheOf = (model: Exl2Model, settings: Exl3Settings, { block }: Exl3Module): readonly TensorRun[] =>
  block === undefined ? [] : exl3CacheTensors(model, settings, block).map(oneTensor)

interface Contents {
  readonly model: Exl2Model
  readonly settings: Exl3Settings
  readonly device: Exl3Device
  readonly modules: readonly Exl3Module[]
}

function deviceMemory({ model, settings, device, modules }: Contents): Exl2DeviceMemory {
  const weights = modules.flatMap(({ resident }) => resident)
  const cache = modules.flatMap((module) => cacheOf(model, settings, module))
  const activations = modules.map((module) => exl3ActivationBytes(model, module, settings))
  const inOrder = modules.flatMap((module) => loadedTensors(model, settings, module))
  const { reserved } = allocateAll(emptyPool, inOrder)
  const asked = runBytes([...weights, ...cache])
  const used = modules.length > 0
  return {
    weights: figure(
      runBytes(weights),
      model.described ? 'upper-bound' : 'assumed',
      'trellis, signs and scales as LinearEXL3 keeps them (exllamav3/modules/quant/exl3.py)',
    ),
    cache: figure(
      runBytes(cache),
      model.described ? 'exact' : 'upper-bound',
      'CacheLayer_fp16 or CacheLayer_quant (exllamav3/cache)',
    ),
    scratch: figure(0, 'exact', 'ExLlamaV3 keeps no scratch buffer'),
    activations: figure(
      used ? Math.max(...activations) + CUBLAS_WORKSPACE : 0,
      'assumed',
      'every tensor of the widest module’s pass at once, and the workspace of cuBLAS',
    ),
    allocator: figure(
      used ? reserved - asked + SLAB : 0,
      'assumed',
      'replay of PyTorch’s CUDACachingAllocator over the loaded tensors, and one slab',
    ),
    reserve: figure(
      device.limit.kind === 'reserve' ? Math.max(0, device.limit.bytes) : 0,
      'exact',
      'reserve_per_device of Model.load (exllamav3/model/model.py)',
    ),
  }
}
