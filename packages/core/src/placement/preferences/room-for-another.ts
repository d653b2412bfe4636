import { GIB } from '../../units.ts'
import { occupiedBy } from '../plan-input.ts'
import type { Preference } from './preference.ts'

/** So much left, or lacking, is a quarter of the score above or below just fitting. */
const QUARTER_SCORE = 8 * GIB

/** What another model would have left on its tightest place once this one runs; half where it just fits. */
export const roomForAnother: Preference = {
  name: 'most room for another model',
  everyCount: true,
  score: (placement, { input, headroomOf }) => {
    const { other, machine } = input
    if (!other) return 0
    const headroom = headroomOf({ ...other, machine, ...occupiedBy([placement], input) })
    return 0.5 + Math.atan(headroom / QUARTER_SCORE) / Math.PI
  },
}
