import { bytes } from '../../units.ts'
import { addLayers, type Assignment, fullLayers, uint32, withShare } from './assignment.ts'
import { fitPartOfLayer } from './part-of-layer.ts'
import type { FitTrial } from './fit-result.ts'
import { type Candidate, type Filled, interpolatedStep, measured, type Search, trial } from './search.ts'

/**
 * Step 4 of `common_params_fit_impl`, for a mixture whose dense part fits: turns the layers in the back that lie
 * without their experts into full layers in front, device by device, and tries a part of one more on each.
 */
export function moveExperts(search: Search, filled: Candidate): Candidate {
  const { deviceCount } = search.problem
  let current: Filled = { ...filled, denseStart: firstOfTail(filled.assignment) }
  for (let device = 0; device <= current.denseStart && current.denseStart < deviceCount; device++) {
    current = fitPartOfLayer(search, fillWithFullLayers(search, current, device), device)
  }
  return current
}

/** First of the devices at the end that all hold layers; past the last where the last holds none. */
function firstOfTail(assignment: Assignment): number {
  const lastEmpty = assignment.findLastIndex(({ layers }) => layers === 0)
  return lastEmpty + 1
}

function fillWithFullLayers(search: Search, from: Filled, device: number): Filled {
  const tried: FitTrial[] = []
  const found = mostFullLayers(search, from, { device, tried })
  const share = found.assignment[device]!
  search.problem.note({
    code: 'moved-experts',
    device,
    layers: share.layers,
    layersFull: fullLayers(share),
    used: bytes(found.used[device]!),
    target: bytes(search.targets[device]!),
    tried,
  })
  return found
}

interface Filling {
  readonly device: number
  readonly tried: FitTrial[]
}

function mostFullLayers(search: Search, from: Filled, { device, tried }: Filling): Filled {
  const target = search.targets[device]!
  const fullOn = ({ assignment }: Filled): number => fullLayers(assignment[device]!)
  const attempt = ({ assignment, denseStart }: Moved): Filled => {
    const candidate = { ...measured(search, assignment), denseStart }
    tried.push(trial(fullOn(candidate), candidate.used[device]!, target))
    return candidate
  }
  let bounds = { low: from, high: attempt(moveAll(from, device)) }
  if (bounds.high.used[device]! <= target) return bounds.high
  for (;;) {
    const delta = uint32(fullOn(bounds.high) - fullOn(bounds.low))
    if (delta <= 1) return bounds.low
    const step = interpolatedStep(delta, { low: bounds.low.used[device]!, high: bounds.high.used[device]!, target })
    const test = attempt(moveSome(bounds.low, device, step))
    bounds = test.used[device]! <= target ? { ...bounds, low: test } : { ...bounds, high: test }
  }
}

interface Moved {
  readonly assignment: Assignment
  readonly denseStart: number
}

/** Every layer from `denseStart` on becomes a full one of `device`; the output layer stays on the last device. */
function moveAll({ assignment, denseStart }: Filled, device: number): Moved {
  const last = assignment.length - 1
  let moved = assignment
  for (let source = denseStart; source <= last; source++) {
    const { layers } = moved[source]!
    const count = source < last ? layers : uint32(layers - 1)
    moved = addLayers(moved, device, { layers: count, partialLayers: 0 })
    moved = addLayers(moved, source, { layers: -count, partialLayers: 0 })
    moved = withShare(moved, source, { partialLayers: 0 })
  }
  return { assignment: moved, denseStart: last }
}

/** `step` partial layers from `denseStart` on become full ones of `device`. */
function moveSome({ assignment, denseStart }: Filled, device: number, step: number): Moved {
  let moved = assignment
  let converted = 0
  for (let source = denseStart; source < assignment.length; source++) {
    const count = Math.min(step - converted, moved[source]!.partialLayers)
    moved = addLayers(moved, source, { layers: -count, partialLayers: -count })
    moved = addLayers(moved, device, { layers: count, partialLayers: 0 })
    converted += count
    if (moved[source]!.partialLayers > 0) return { assignment: moved, denseStart: source }
  }
  return { assignment: moved, denseStart: assignment.length }
}
