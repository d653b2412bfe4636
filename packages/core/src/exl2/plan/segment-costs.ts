import { activationBytes, CUBLAS_WORKSPACE } from '../activations.ts'
import { exl2CacheTensors, exl2CacheWorkTensors } from '../cache.ts'
import { exl3ActivationBytes } from '../exllamav3/activations.ts'
import { exl3CacheTensors } from '../exllamav3/cache.ts'
import { exl3Modules } from '../exllamav3/modules.ts'
import { SLAB } from '../exllamav3/split.ts'
import type { Exl2Model } from '../model.ts'
import { exl2Modules } from '../modules.ts'
import { hasCache, ropeTensors } from '../placement.ts'
import { passTokens, scratchOf } from '../scratch.ts'
import { runBytes } from '../tensor-run.ts'
import { sumBytes } from '../../units.ts'
import type { Exl2Run } from './run.ts'

/** What one module adds to the device it lies on, in bytes. */
export interface ModuleCost {
  /** Weights and cache: add up. */
  readonly kept: number
  /** Its needs of what modules use in turn: the largest counts. */
  readonly scratch: number
  readonly pass: number
  readonly cached: boolean
}

/** The modules behind the embedding, which lies on the host. */
export interface CostTable {
  readonly modules: readonly ModuleCost[]
  /** Once on every device with a module, and once more where one of them has a cache. */
  readonly once: number
  readonly onceCached: number
}

/** What the loader of a format takes, less what PyTorch's allocator rounds up: a lower bound, near enough to search by. */
export const costTable = (model: Exl2Model, run: Exl2Run): CostTable =>
  run.format === 'exl2' ? exl2Costs(model, run.settings) : exl3Costs(model, run.settings)

function exl2Costs(model: Exl2Model, settings: Extract<Exl2Run, { format: 'exl2' }>['settings']): CostTable {
  const rows = passTokens(settings)
  const modules = exl2Modules(model).slice(1)
  return {
    modules: modules.map((module) => ({
      kept: runBytes(module.resident) + (hasCache(module) ? cacheBytes(model, settings, module.block!) : 0),
      scratch: scratchOf(model, module, settings).fixed,
      pass: activationBytes(model, module, { settings, rows }),
      cached: hasCache(module),
    })),
    once: runBytes([ropeTensors(model, settings)]) + CUBLAS_WORKSPACE,
    onceCached: sumBytes(exl2CacheWorkTensors(model, settings)),
  }
}

const cacheBytes = (...of: Parameters<typeof exl2CacheTensors>): number => sumBytes(exl2CacheTensors(...of))

function exl3Costs(model: Exl2Model, settings: Extract<Exl2Run, { format: 'exl3' }>['settings']): CostTable {
  const modules = exl3Modules(model).slice(1)
  return {
    modules: modules.map((module) => ({
      kept:
        runBytes(module.resident) +
        (module.block === undefined ? 0 : sumBytes(exl3CacheTensors(model, settings, module.block))),
      scratch: 0,
      pass: exl3ActivationBytes(model, module, settings),
      cached: module.block !== undefined,
    })),
    once: CUBLAS_WORKSPACE + SLAB,
    onceCached: 0,
  }
}
