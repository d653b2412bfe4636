import { bytes } from '../../units.ts'
import { addLayers, type Assignment, emptyAssignment, uint32, withShare } from './assignment.ts'
import type { FitTrial } from './fit-result.ts'
import { type Bounds, type Candidate, interpolatedStep, measured, type Search, trial } from './search.ts'

/**
 * Step 3 of `common_params_fit_impl`: gives each device, the last one first, as many layers as fit, with the experts
 * of a mixture left on the host. What is left over in front stays on the host.
 */
export function fillDevices(search: Search): Candidate {
  const { deviceCount } = search.problem
  let candidate = measured(search, emptyAssignment(deviceCount))
  for (let device = deviceCount - 1; device >= 0; device--) candidate = fillDevice(search, candidate, device)
  return candidate
}

function fillDevice(search: Search, low: Candidate, device: number): Candidate {
  const { problem } = search
  const target = search.targets[device]!
  const later = low.assignment.slice(device + 1)
  const layersLeft = problem.blockCount + 1 - later.reduce((sum, { layers }) => sum + layers, 0)
  const tried: FitTrial[] = []
  const found = layersLeft > 0 ? mostLayers(search, low, { device, layersLeft, tried }) : low
  problem.note({
    code: 'filled-device',
    device,
    layers: found.assignment[device]!.layers,
    layersLeft,
    expertsOnHost: problem.hasExperts,
    used: bytes(found.used[device]!),
    target: bytes(target),
    tried,
  })
  return found
}

interface Filling {
  readonly device: number
  readonly layersLeft: number
  readonly tried: FitTrial[]
}

function mostLayers(search: Search, low: Candidate, { device, layersLeft, tried }: Filling): Candidate {
  const { problem } = search
  const target = search.targets[device]!
  const layersOn = ({ assignment }: Candidate): number => assignment[device]!.layers
  const attempt = (assignment: Assignment): Candidate => {
    const candidate = measured(search, assignment)
    tried.push(trial(layersOn(candidate), candidate.used[device]!, target))
    return candidate
  }
  const all = withLayers(low.assignment, device, { layers: layersLeft, partial: problem.hasExperts })
  let bounds: Bounds = { low, high: attempt(all) }
  if (bounds.high.used[device]! <= target) return bounds.high
  for (;;) {
    const delta = uint32(layersOn(bounds.high) - layersOn(bounds.low))
    if (delta <= 1) return bounds.low
    const step = interpolatedStep(delta, { low: bounds.low.used[device]!, high: bounds.high.used[device]!, target })
    const test = attempt(withMoreLayers(bounds.low.assignment, device, { step, partial: problem.hasExperts }))
    bounds = test.used[device]! <= target ? { ...bounds, low: test } : { ...bounds, high: test }
  }
}

/** The output layer lies on the last device and is never a partial one. */
function withLayers(
  assignment: Assignment,
  device: number,
  { layers, partial }: { readonly layers: number; readonly partial: boolean },
): Assignment {
  const last = device === assignment.length - 1
  const partialLayers = last ? layers - 1 : layers
  return withShare(assignment, device, partial ? { layers, partialLayers } : { layers })
}

function withMoreLayers(
  assignment: Assignment,
  device: number,
  { step, partial }: { readonly step: number; readonly partial: boolean },
): Assignment {
  const outputFirst = device === assignment.length - 1 && assignment[device]!.partialLayers === 0
  const partialLayers = outputFirst ? step - 1 : step
  return addLayers(assignment, device, { layers: step, partialLayers: partial ? partialLayers : 0 })
}
