import type { Run } from '../../memory/run.ts'
import { bytes, mebibytes, tokens } from '../../units.ts'
import { decide, type Decision } from './decide.ts'
import { FitAbort, type FitDevice, type FitOptions, type FitResult, type FitStep } from './fit-result.ts'
import type { PlacementFlags } from './flags.ts'
import { measureWith, type Measuring } from './measure.ts'
import type { FitProblem } from './problem.ts'

export type { FitDevice, FitOptions, FitResult, FitStep } from './fit-result.ts'
export { layoutByFlags, type PlacementFlags } from './flags.ts'

/** `fit_params_target` and `fit_params_min_ctx` of common/common.h. */
const DEFAULT_MARGIN = mebibytes(1024)
const DEFAULT_CONTEXT_MIN = tokens(4096)

/**
 * What llama.cpp's automatic fit (`--fit`, on by default) makes of a run: it changes a context length of 0, and layers
 * and overrides that the user left open, until every device keeps its margin free. Mirrors `common_fit_params` of
 * common/fit.cpp (llama.cpp 0.5.0-dev) without a draft model. Exact where the memory of the model is.
 *
 * Of the run's layout only `tensorSplit` and `overrides` are read, as what the user set. `devices` are those the engine
 * uses, in its order; with split mode none the main GPU alone. Throws `MissingTensorError` as `estimateMemory` does.
 */
export function fitParameters(run: Run, devices: readonly FitDevice[], options: FitOptions = {}): FitResult {
  const steps: FitStep[] = []
  const measuring: Measuring = { known: new Map(), hostMemoryTotal: options.hostMemoryTotal }
  const problem: FitProblem = {
    ...problemOf(run, devices, options),
    measure: measureWith(run, devices, measuring),
    note: (step) => steps.push(step),
  }
  const decision = decideOrGiveUp(run, problem)
  const certainty = run.model.described ? 'exact' : 'assumed'
  return { ...decision, steps, measurements: measuring.known.size, certainty }
}

/** Split modes that the fit refuses are not measured: their weights lie across devices. */
function decideOrGiveUp(run: Run, problem: FitProblem): Decision {
  const asked = { contextLength: run.settings.contextLength, ...problem.flags }
  const { splitMode } = run.settings
  if (splitMode === 'tensor' || (splitMode === 'row' && problem.deviceCount > 1)) {
    return { outcome: 'failed', failure: 'split-mode', ...asked }
  }
  try {
    return decide(problem)
  } catch (error) {
    if (error instanceof FitAbort) return { outcome: 'failed', failure: error.failure, ...asked }
    throw error
  }
}

function problemOf(
  { model, settings, layout }: Run,
  devices: readonly FitDevice[],
  options: FitOptions,
): Omit<FitProblem, 'measure' | 'note'> {
  const sequences = Math.max(1, settings.parallel)
  const margins = options.margins ?? []
  const flags: PlacementFlags = {
    gpuLayers: options.gpuLayers ?? -1,
    tensorSplit: devices.map((_, device) => layout.tensorSplit?.[device] ?? 0),
    overrides: [],
  }
  return {
    deviceCount: devices.length,
    blockCount: model.runBlockCount,
    hasExperts: model.expertCount > 0,
    contextLengthTrained: model.contextLengthTrained,
    contextLengthAsked: settings.contextLength,
    contextMin: options.contextMin ?? DEFAULT_CONTEXT_MIN,
    sequences,
    streams: settings.kvUnified ? 1 : sequences,
    margins: Array.from({ length: Math.max(1, devices.length) }, (_, device) =>
      bytes((margins.length === 1 ? margins[0] : margins[device]) ?? DEFAULT_MARGIN),
    ),
    flags,
    overridden: layout.overrides.length > 0,
  }
}
