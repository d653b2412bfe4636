import { fail, ok, type Result } from '../result.ts'
import { type Bytes, bytes, mebibytes, padTo, tokens } from '../units.ts'
import { activationBytes, CUBLAS_WORKSPACE } from './activations.ts'
import type { Exl2Model } from './model.ts'
import { type Exl2Module, exl2Modules } from './modules.ts'
import {
  deviceMemory,
  EXL2_HOST,
  type Exl2Placement,
  type Exl2Refused,
  hostBytes,
  loadedTensors,
  modulesOn,
} from './placement.ts'
import { scratchOf } from './scratch.ts'
import type { Exl2Settings } from './settings.ts'
import { allocateAll, emptyPool, LARGE_BUFFER, type TorchPool } from './torch-allocator.ts'

/** A device as the loader finds it. */
export interface Exl2AutoSplitDevice {
  /** What the process may still take there, its driver context made. */
  readonly available: Bytes
  /** `reserve_vram`: kept free while loading. */
  readonly reserve: Bytes
}

/** `minimum_reserve_vram`: kept free besides on the device that is being filled, until a module no longer fits. */
export const MINIMUM_RESERVE = mebibytes(256)

/** What `load_autosplit` reserves where it is told nothing: 192 MiB on the first device, 64 MiB on every other. */
export const exl2AutoSplitReserve = (deviceCount: number): readonly Bytes[] =>
  Array.from({ length: deviceCount }, (_, position) => mebibytes(position === 0 ? 192 : 64))

const NO_DEVICE: Exl2AutoSplitDevice = { available: bytes(0), reserve: bytes(0) }

/** The device that is being filled. */
interface Filling {
  readonly pool: TorchPool
  readonly modules: readonly Exl2Module[]
}

const FRESH: Filling = { pool: emptyPool, modules: [] }

/**
 * `-gs auto`: every module is loaded, with its cache, and run once on the current device; when memory runs out there,
 * it and all that follow go to the next (`ExLlamaV2.load_autosplit_gen`, exllamav2/model.py, 0.3).
 *
 * ExLlama finds the border by failing; here a pass is taken at its upper bound and PyTorch's own overhead as replayed, so
 * a device may in truth take a module more, and the devices behind it one less. What is said to fit does. A device that
 * cannot hold its reserve ends the load, even if those behind it could take everything.
 */
export function exl2AutoSplit(
  model: Exl2Model,
  given: Exl2Settings,
  devices: readonly Exl2AutoSplitDevice[],
): Result<Exl2Placement, Exl2Refused> {
  const settings = { ...given, maxInputLen: tokens(Math.min(given.maxInputLen, given.maxSeqLen)) }
  const modules = exl2Modules(model)
  // One size for all devices, though each uses what its own modules need.
  const scratchBytes = Math.max(...modules.map((module) => scratchOf(model, module, settings).fixed))
  const places: number[] = []
  let current = 0
  let filling = FRESH
  for (const [index, module] of modules.entries()) {
    if (module.kind === 'embedding') {
      places.push(EXL2_HOST)
      continue
    }
    for (;;) {
      const { available: capacity, reserve } = devices[current] ?? NO_DEVICE
      const held = reserve + MINIMUM_RESERVE
      const next = load(filling, module, { model, settings, scratchBytes })
      const requested = next.pool.reserved + passBytes(model, module, settings) + held
      if (requested <= capacity) {
        filling = next
        break
      }
      const isLast = current + 1 >= devices.length
      // What is held back is taken before anything is tried, where running out is not caught.
      if (isLast || held > capacity) return fail({ module: index, device: current, requested, capacity })
      current++
      filling = FRESH
    }
    places.push(current)
  }
  return ok({
    places,
    devices: devices.map(({ reserve }, position) => {
      const own = modulesOn(modules, places, position)
      return deviceMemory({
        model,
        settings,
        modules: own,
        scratchBytes: own.length === 0 ? 0 : scratchBytes,
        reserveBytes: reserve + (position === current ? MINIMUM_RESERVE : 0),
        cacheWithModule: true,
      })
    }),
    hostBytes: hostBytes(modules, places),
  })
}

/** One pass of one sequence; its tensors come in segments of their own. */
const passBytes = (model: Exl2Model, module: Exl2Module, settings: Exl2Settings): number =>
  padTo(activationBytes(model, module, { settings, rows: settings.maxInputLen }), LARGE_BUFFER) + CUBLAS_WORKSPACE

const load = (filling: Filling, module: Exl2Module, loading: Parameters<typeof loadedTensors>[0]): Filling => ({
  pool: allocateAll(filling.pool, loadedTensors(loading, module, filling.modules)),
  modules: [...filling.modules, module],
})
