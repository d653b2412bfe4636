import { bytes, type Tokens } from '../../units.ts'
import { ALL_EXPERTS, flagsOf } from './assignment.ts'
import { fillDevices } from './fill-devices.ts'
import { FitAbort, type FitFailure, type FitResult } from './fit-result.ts'
import type { PlacementFlags } from './flags.ts'
import { moveExperts } from './move-experts.ts'
import type { DeviceUse, FitProblem } from './problem.ts'
import { contextMaximum, reduceContext, totalUsed } from './reduce-context.ts'
import type { Search } from './search.ts'

export type Decision = Pick<
  FitResult,
  'outcome' | 'failure' | 'contextLength' | 'gpuLayers' | 'tensorSplit' | 'overrides'
>

/**
 * `common_params_fit_impl` of common/fit.cpp (llama.cpp 0.5.0-dev), step by step: what it decides is a function of
 * what it measures. Exact, with the habits of its integers.
 */
export function decide(problem: FitProblem): Decision {
  const { contextLengthAsked, flags } = problem
  const asked = contextLengthAsked === 0 ? contextMaximum(problem) : contextLengthAsked
  const full = problem.measure(asked, flags)
  const fits = full.every(({ free, used }, device) => free - used >= problem.margins[device]!)
  problem.note({
    code: 'measured-as-asked',
    contextLength: asked,
    devices: full.map(({ free, used }, device) => ({
      free: bytes(free),
      used: bytes(used),
      margin: bytes(problem.margins[device]!),
    })),
    fits,
  })
  if (fits) return { outcome: 'unchanged', contextLength: asked, ...flags }
  const { contextLength, settled } = reduceContext(problem, full)
  if (settled) return { outcome: 'fitted', contextLength, ...flags }
  const failure = whyNotPlaced(problem)
  if (failure !== undefined) return { outcome: 'failed', failure, contextLength, ...flags }
  try {
    return { outcome: 'fitted', contextLength, ...placeLayers(problem, full, contextLength) }
  } catch (error) {
    if (error instanceof FitAbort) return { outcome: 'failed', failure: error.failure, contextLength, ...flags }
    throw error
  }
}

/** Layers are placed on devices only, and only where the user placed none. */
function whyNotPlaced({ deviceCount, flags, overridden }: FitProblem): FitFailure | undefined {
  if (deviceCount === 0) return 'host-memory-insufficient'
  if (flags.gpuLayers !== -1) return 'gpu-layers-set'
  if (deviceCount > 1 && flags.tensorSplit.some((share) => share !== 0)) return 'tensor-split-set'
  return overridden ? 'overrides-set' : undefined
}

function placeLayers(problem: FitProblem, full: readonly DeviceUse[], contextLength: Tokens): PlacementFlags {
  const search: Search = {
    problem,
    contextLength,
    targets: full.map(({ free }, device) => free - problem.margins[device]!),
  }
  const surplus = problem.hasExperts ? surplusWithoutExperts(problem, contextLength) : 0
  const filled = fillDevices(search)
  const found = surplus > 0 ? moveExperts(search, filled) : filled
  return flagsOf(found.assignment, problem)
}

/** `global_surplus_cpu_moe`: free memory in all if every expert lay on the host. */
function surplusWithoutExperts(problem: FitProblem, contextLength: Tokens): number {
  const devices = problem.measure(contextLength, {
    ...problem.flags,
    overrides: [{ pattern: ALL_EXPERTS, buffer: 'CPU' }],
  })
  const available = devices.reduce((sum, { free }, device) => sum + free - problem.margins[device]!, 0)
  const surplus = available - totalUsed(devices)
  problem.note({ code: 'measured-without-experts', surplus: bytes(surplus) })
  return surplus
}
