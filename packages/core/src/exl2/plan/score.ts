import { deviceScore } from '../../placement/preferences/fewest-devices.ts'
import { headroomScore } from '../../placement/preferences/headroom.ts'
import type { PreferenceId } from '../../placement/preferences/index.ts'
import type { Placement } from '../../placement/verdict.ts'
import type { Exl2PlanInput } from './workplace.ts'

/** What a score may ask: how much context the same devices could hold, as a share of what the model was trained for. */
export interface Exl2Scoring {
  readonly input: Exl2PlanInput
  readonly contextShare: (placement: Placement) => number
}

type Score = (placement: Placement, scoring: Exl2Scoring) => number

/** How well a placement meets an objective, from 0 to 1. */
export const scores = {
  headroom: headroomScore,
  'fewest-devices': deviceScore,
  fastest: bySpeed,
  'largest-context': (placement, { contextShare }) => contextShare(placement),
  // What is left on the tightest device is what another model can use there.
  'room-for-another': headroomScore,
} as const satisfies Record<PreferenceId, Score>

/** One after the other, every device reads its weights for each token: the reciprocal of a second more than that takes. */
function bySpeed({ memory }: Placement, { input }: Exl2Scoring): number {
  const seconds = memory.reduce((sum, { place, model }) => {
    if (place.kind === 'host' || model === 0) return sum
    const device = input.machine.devices.find(({ id }) => id === place.device)
    return sum + model / (device?.memoryBandwidthBytesPerSecond ?? 0)
  }, 0)
  return 1 / (1 + seconds)
}
