import { CELL_GRANULARITY, contextShape } from '../context/shape.ts'
import { tokens } from '../units.ts'
import { deviceGroups } from './device-groups.ts'
import { benchOfShape, newSearch } from './families.ts'
import { judgeSplit, type Workplace, isAccepted } from './judge.ts'
import { PIPELINE_OFF } from '../memory/overrides.ts'
import { type PlanInput, workplaceOf } from './plan-input.ts'
import { leastHeadroom } from './rank.ts'
import type { Shape } from './search/bench.ts'
import { anyFitting } from './search/best-splits.ts'
import { largestUpTo } from './search/largest-fitting.ts'
import type { LayerSplit, Placement } from './verdict.ts'

interface Reached {
  readonly placement: Placement
  /** The most that its split could hold, as a share of what the model was trained for; one would leave nothing to look for. */
  readonly share: number
}

/**
 * Of all contiguous splits, in any order of devices that the engine accepts, that leave as much on the host as this
 * placement does, the one that could hold the largest context, up to what the model was trained for. Exact to the
 * engine's own step, 256 cells for every stream, as far as more context never needs less. Undefined where none
 * could hold more, and where this one is cut otherwise: tensors across devices, a block's experts in part, or by the
 * engine itself.
 */
export function largestContextSplit({ placement, share }: Reached, input: PlanInput): Placement | undefined {
  const shape = shapeOf(placement.split)
  if (!shape || input.engine.controls.placesItself) return undefined
  const asked = workplaceOf(input)
  // Not the placement's own: its split mode is none where it is on one device.
  const workplace = { ...asked, settings: { ...asked.settings, offloadKqv: placement.settings.offloadKqv } }
  const { streams } = contextShape(input.model, workplace.settings)
  const step = CELL_GRANULARITY * streams
  const most = Math.floor(input.model.contextLengthTrained / CELL_GRANULARITY)
  const least = Math.round(share * most)
  if (least < 1 || least >= most) return undefined
  const at = (steps: number): ReturnType<typeof widestAt> =>
    // Of this split no more is known than that a step more is too much: the next is tried at once.
    steps === least
      ? { placement, headroom: 0 }
      : widestAt({ ...workplace, settings: { ...workplace.settings, contextLength: tokens(steps * step) } }, shape)
  const split = largestUpTo({ least, most, at })?.trial.placement?.split
  if (!split || split === placement.split) return undefined
  const judged = judgeSplit(split, workplace)
  return isAccepted(judged) ? judged.placement : undefined
}

/** A split of this shape that fits, or what the nearest lacks. */
function widestAt(workplace: Workplace, shape: Shape): { readonly placement?: Placement; readonly headroom: number } {
  let headroom = -Infinity
  for (const devices of deviceGroups(workplace.machine, workplace.engine)) {
    const judged = anyFitting(benchOfShape(newSearch(workplace, devices), shape))
    if (!judged) continue
    if (isAccepted(judged)) return { placement: judged.placement, headroom: leastHeadroom(judged.placement) }
    headroom = Math.max(headroom, leastHeadroom(judged.placement))
  }
  return { headroom }
}

function shapeOf({ hostBlocks, expertsOnHost, overrides, tensor }: LayerSplit): Shape | undefined {
  const pipelineOff = overrides.length === 1 && overrides[0]!.pattern === PIPELINE_OFF.pattern
  if (tensor || (overrides.length > 0 && !pipelineOff)) return undefined
  return { hostBlocks, expertsOnHost, pipeline: !pipelineOff }
}
