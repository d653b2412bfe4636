import { secondsPerToken } from '../../speed/speed.ts'
import type { Preference } from './preference.ts'

/** A token that takes this long scores one half. */
const HALF_SCORE_SECONDS = 0.05

/** By the middle of the estimate of speed, one slot generating with a full context; it orders placements of one model. */
export const fastest: Preference = {
  name: 'fastest generation',
  score: (placement, { input: { model, machine } }) =>
    HALF_SCORE_SECONDS / (HALF_SCORE_SECONDS + secondsPerToken({ placement, model, machine })),
}
