import { NO_CONTEXT } from '../../context/block-context.ts'
import { contextTotals } from '../../context/cache-tensors.ts'
import { contextShape } from '../../context/shape.ts'
import { assumedCompute } from '../../memory/assumed-compute.ts'
import { computeBuffers, pipelineParallel } from '../../memory/compute.ts'
import { estimateStatic, resolveFlashAttention } from '../../memory/estimate.ts'
import type { RunLayout } from '../../memory/run-memory.ts'
import type { Run } from '../../memory/run.ts'
import type { Model } from '../../model/model.ts'
import type { Bytes } from '../../units.ts'
import { FitAbort, type FitDevice } from './fit-result.ts'
import { layoutByFlags } from './flags.ts'
import type { DeviceUse, Measure } from './problem.ts'

/** Far more than any search over 1000 layers needs; it ends those that llama.cpp would never end. */
const MEASUREMENTS_MAX = 5000

export interface Measuring {
  /** Replays by layout and context; lives as long as one fit. */
  readonly known: Map<string, readonly DeviceUse[]>
  readonly hostMemoryTotal: Bytes | undefined
}

/**
 * `common_get_device_memory_data_impl`: the memory of a dry load, whose scheduler has forgotten where norms are pinned
 * and has seen the prompt's graph only. Equal layouts are replayed once.
 */
export function measureWith(run: Run, devices: readonly FitDevice[], measuring: Measuring): Measure {
  let asked = 0
  return (contextLength, flags) => {
    if (++asked > MEASUREMENTS_MAX) throw new FitAbort('search-without-end')
    const layout = layoutByFlags(run, devices, flags)
    const key = JSON.stringify([contextLength, layout.layers, layout.overrides])
    const before = measuring.known.get(key)
    if (before) return before
    const dry: Run = { ...run, settings: { ...run.settings, contextLength }, layout }
    const found = devices.length === 0 ? [hostUse(dry, measuring.hostMemoryTotal)] : deviceUses(dry, devices)
    measuring.known.set(key, found)
    return found
  }
}

function deviceUses(run: Run, devices: readonly FitDevice[]): readonly DeviceUse[] {
  const parts = estimateStatic(run).devices
  const compute = dryCompute(run)
  const states = recurrentStates(run.model, run)
  return devices.map(({ free }, device) => {
    const { model, context } = parts[device]!
    return { free: free - states[device]!, model, used: model + context + compute[device]! }
  })
}

/** Host memory is taken as a whole, not as what is free; weights that the CPU repacks, llama.cpp does not count. */
function hostUse(run: Run, hostMemoryTotal: Bytes | undefined): DeviceUse {
  if (hostMemoryTotal === undefined) throw new FitAbort('host-memory-unknown')
  const { model, context } = estimateStatic(run).host
  return { free: hostMemoryTotal, model, used: model + context + dryCompute(run)[run.layout.deviceCount]! }
}

function dryCompute(run: Run): readonly number[] {
  const shape = contextShape(run.model, run.settings)
  const options = {
    flashAttention: resolveFlashAttention(run, shape),
    pipelineParallel: pipelineParallel(run),
    fitView: true,
  }
  if (run.model.described) return computeBuffers(run, shape, options)
  const { devices, host } = assumedCompute(run, shape, options)
  return [...devices, host]
}

/**
 * Recurrent states are allocated even in a dry load (`llama_memory_recurrent`), and free memory is read while they
 * live: they count twice, once as used and once as no longer free.
 */
function recurrentStates(
  model: Model,
  { settings, layout }: { settings: Run['settings']; layout: RunLayout },
): readonly number[] {
  const contexts = model.contexts.map((context) => (context.kind === 'recurrent' ? context : NO_CONTEXT))
  return contextTotals({ ...model, contexts }, settings, contextShape(model, settings), layout).devices
}
