import type { Verdict } from '../../placement/verdict.ts'
import { decideExl2 } from './decide.ts'
import { exl2Remedies } from './remedies.ts'
import type { Exl2PlanInput } from './workplace.ts'

/** Placements shown beside the best. */
const MOST_OTHERS = 6

/**
 * Whether a machine can host an EXL2 or EXL3 model as asked, how it is split, and what stands against it or would change
 * that. Every placement is what the engine's own loader makes of the split it is told, replayed module by module
 * (`exl2ManualSplit`, `exl2AutoSplit`, `exl3Split`); what fits leaves the margin free on every device.
 */
export function planExl2(input: Exl2PlanInput): Verdict {
  const decision = decideExl2(input, 'all')
  if (decision.fits) {
    const [best, ...others] = decision.accepted
    return { fits: true, best: best!, others: others.slice(0, MOST_OTHERS) }
  }
  return { ...decision, remedies: exl2Remedies(input, decision) }
}
