import { bytes, type Tokens, tokens } from '../../units.ts'
import { FitAbort, type KeptContextReason } from './fit-result.ts'
import { int64Quotient } from './int64-quotient.ts'
import type { DeviceUse, FitProblem } from './problem.ts'

const UINT32_MAX = 2 ** 32 - 1
/** Contexts are rounded down to whole steps of this many tokens a stream. */
const CONTEXT_STEP = 256

/** Most context that is asked for: the trained one for every sequence. */
export const contextMaximum = ({ contextLengthTrained, sequences }: FitProblem): Tokens =>
  tokens(Math.min(contextLengthTrained * sequences, UINT32_MAX))

interface SettledContext {
  readonly contextLength: Tokens
  /** With one device or none, a smaller context that fits ends the fit. */
  readonly settled: boolean
}

/** Step 2 of `common_params_fit_impl`: reduces a context that the user left open where all devices together lack memory. */
export function reduceContext(problem: FitProblem, full: readonly DeviceUse[]): SettledContext {
  const { contextLengthAsked, note } = problem
  const maximum = contextMaximum(problem)
  const minimum = tokens(Math.min(problem.contextMin * problem.streams, UINT32_MAX))
  const current = contextLengthAsked === 0 ? maximum : contextLengthAsked
  const usedBefore = totalUsed(full)
  const available = total(full, ({ free }) => free) - problem.margins.reduce((sum, margin) => sum + margin, 0)
  const keep = (because: KeptContextReason): SettledContext => {
    note({ code: 'kept-context', contextLength: current, because })
    return { contextLength: current, settled: false }
  }
  if (usedBefore <= available) return keep('enough-in-total')
  if (contextLengthAsked !== 0) return keep('set-by-user')
  if (maximum <= minimum) return keep('at-minimum')

  const usedTarget = available - reserveForWaste(problem, full)
  const usedAtMinimum = totalUsed(problem.measure(minimum, problem.flags))
  const settled = usedTarget > usedAtMinimum
  const added = settled ? int64Quotient(maximum - minimum, usedTarget - usedAtMinimum, usedBefore - usedAtMinimum) : 0
  if (added === undefined) throw new FitAbort('undefined-arithmetic')
  const step = CONTEXT_STEP * problem.streams
  const reached = minimum + added
  const to = settled ? tokens(Math.max(reached - (reached % step), minimum)) : minimum
  note({
    code: 'reduced-context',
    from: maximum,
    to,
    minimum,
    usedTarget: bytes(usedTarget),
    usedBefore: bytes(usedBefore),
    usedAtMinimum: bytes(usedAtMinimum),
  })
  return { contextLength: to, settled: settled && problem.deviceCount <= 1 }
}

/** Whole layers, or whole tensors of experts, leave gaps: half a layer a device, or a sixth, and one device more. */
function reserveForWaste(problem: FitProblem, full: readonly DeviceUse[]): number {
  if (problem.deviceCount <= 1) return 0
  const { gpuLayers } = problem.flags
  const layers = gpuLayers < 0 ? problem.blockCount : Math.min(gpuLayers, problem.blockCount)
  if (layers === 0) throw new FitAbort('undefined-arithmetic')
  const modelPerLayer = Math.floor(total(full, ({ model }) => model) / layers)
  return Math.floor(((problem.deviceCount + 1) * modelPerLayer) / (problem.hasExperts ? 6 : 2))
}

const total = (devices: readonly DeviceUse[], part: (device: DeviceUse) => number): number =>
  devices.reduce((sum, device) => sum + part(device), 0)

export const totalUsed = (devices: readonly DeviceUse[]): number => total(devices, ({ used }) => used)
