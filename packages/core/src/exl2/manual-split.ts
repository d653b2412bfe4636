import { fail, ok, type Result } from '../result.ts'
import { GIB } from '../units.ts'
import type { Exl2Model } from './model.ts'
import { type Exl2Module, exl2Modules } from './modules.ts'
import { deviceMemory, EXL2_HOST, type Exl2Placement, type Exl2Refused, hostBytes, modulesOn } from './placement.ts'
import { passTokens, scratchOf } from './scratch.ts'
import type { Exl2Settings } from './settings.ts'

const HALF_BYTES = 2

export interface Exl2ManualSplit extends Exl2Placement {
  /** What `set_device_map` has left of each device's allocation, in GiB. */
  readonly unusedGib: readonly number[]
}

/** The bookkeeping of one device. */
interface Allocation {
  left: number
  scratch: number
  attention: number
  fixed: number
}

/**
 * `-gs a,b`: the devices are filled in their order with modules in theirs, each up to its share of GiB (the flag says
 * GB), and a device that was left is not returned to (`ExLlamaV2.set_device_map`, exllamav2/model.py, 0.3). The share
 * covers weights, the widest module's scratch, attention, tables of rotation, one state and one mask, and not the cache.
 * Which module goes where is exact. A share of 0 takes nothing.
 */
export function exl2ManualSplit(
  model: Exl2Model,
  settings: Exl2Settings,
  gibPerDevice: readonly number[],
): Result<Exl2ManualSplit, Exl2Refused> {
  const modules = exl2Modules(model)
  const constant = constantBytes(model, settings)
  const devices = gibPerDevice.map((gib): Allocation => ({
    left: gib * GIB - constant,
    scratch: 0,
    attention: 0,
    fixed: 0,
  }))
  const places: number[] = []
  let current = 0
  for (const [index, module] of modules.entries()) {
    if (module.kind === 'embedding') {
      places.push(EXL2_HOST)
      continue
    }
    const scratch = scratchOf(model, module, settings)
    const needed = ({ scratch: counted, attention }: Allocation): number =>
      module.footprint + Math.max(scratch.counted, counted) + Math.max(scratch.attention, attention)
    const found = devices.findIndex((device, position) => position >= current && needed(device) <= device.left)
    if (found === -1) return fail(refusal(index, devices, needed))
    current = found
    const device = devices[found]!
    device.left -= module.footprint
    device.scratch = Math.max(scratch.counted, device.scratch)
    device.attention = Math.max(scratch.attention, device.attention)
    device.fixed = Math.max(scratch.fixed, device.fixed)
    places.push(found)
  }
  return ok({
    places,
    devices: devices.map(({ fixed }, position) =>
      deviceMemory({
        model,
        settings,
        modules: modulesOn(modules, places, position),
        scratchBytes: fixed,
        reserveBytes: 0,
        cacheWithModule: false,
      }),
    ),
    hostBytes: hostBytes(modules, places),
    unusedGib: devices.map(({ left, scratch, attention }) => (left - scratch - attention) / GIB),
  })
}

/** The least share, in GiB, that takes these modules of one device: its need of each is largest at the last. Exact. */
export function exl2LeastShare(model: Exl2Model, settings: Exl2Settings, modules: readonly Exl2Module[]): number {
  const scratch = modules.map((module) => scratchOf(model, module, settings))
  const widest = (of: readonly number[]): number => of.reduce((most, one) => Math.max(most, one), 0)
  const footprint = modules.reduce((sum, module) => sum + module.footprint, 0)
  const counted = widest(scratch.map((one) => one.counted)) + widest(scratch.map((one) => one.attention))
  return (constantBytes(model, settings) + footprint + counted) / GIB
}

/** Tables of rotation, the widest state and its mask: taken off every device's share beforehand. */
function constantBytes({ headDim, hiddenSize, ropeTables }: Exl2Model, settings: Exl2Settings): number {
  const { maxSeqLen, maxInputLen, maxBatchSize } = settings
  const tables = ropeTables === 0 ? 0 : 2 * headDim * maxSeqLen * HALF_BYTES
  const state = hiddenSize * passTokens(settings) * HALF_BYTES
  return tables + state + maxInputLen ** 2 * maxBatchSize * HALF_BYTES
}

const refusal = (
  module: number,
  devices: readonly Allocation[],
  needed: (device: Allocation) => number,
): Exl2Refused => {
  const last = devices.at(-1)
  return {
    module,
    device: devices.length - 1,
    requested: last === undefined ? 0 : needed(last),
    capacity: last?.left ?? 0,
  }
}
