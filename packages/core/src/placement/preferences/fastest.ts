import { secondsPerToken } from '../../speed/speed.ts'
import type { Preference } from './preference.ts'

/** A token that takes this long scores one half. */
const HALF_SCORE_SECONDS = 0.05

/** Less is rounding: sums of the same times in another order. */
const NANOSECONDS = 1e9

/**
 * By the middle of the estimate of speed, one slot generating with a full context; it orders placements of one model. What
 * differs by less than a nanosecond a token is as fast.
 */
export const fastest: Preference = {
  name: 'fastest generation',
  score: (placement, { input: { model, machine } }) => {
    const seconds = Math.round(secondsPerToken({ placement, model, machine }) * NANOSECONDS) / NANOSECONDS
    return HALF_SCORE_SECONDS / (HALF_SCORE_SECONDS + seconds)
  },
}
