import { CELL_GRANULARITY, contextShape } from '../../context/shape.ts'
import { tokens } from '../../units.ts'
import { judgeSplit, isAccepted } from '../judge.ts'
import { workplaceOf } from '../plan-input.ts'
import { largestUpTo } from '../search/largest-fitting.ts'
import { leastHeadroom } from '../rank.ts'
import type { Preference } from './preference.ts'

/** The most tokens that the same split could hold, as a share of what the model was trained for. */
export const largestContext: Preference = {
  name: 'largest context',
  score: (placement, { input }) => {
    const workplace = workplaceOf(input)
    const { streams } = contextShape(input.model, placement.settings)
    const step = CELL_GRANULARITY * streams
    const most = Math.max(1, Math.floor(input.model.contextLengthTrained / CELL_GRANULARITY))
    const at = (steps: number): { readonly placement?: unknown; readonly headroom: number } => {
      if (steps * step === placement.settings.contextLength) return { placement, headroom: leastHeadroom(placement) }
      const settings = { ...placement.settings, contextLength: tokens(steps * step) }
      const judged = judgeSplit(placement.split, { ...workplace, settings })
      const headroom = leastHeadroom(judged.placement)
      return isAccepted(judged) ? { placement: judged.placement, headroom } : { headroom }
    }
    const least = Math.max(1, Math.min(most, Math.floor(placement.settings.contextLength / step)))
    return (largestUpTo({ least, most, at })?.count ?? 0) / most
  },
}
