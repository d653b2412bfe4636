import { isMix, type SolvedValue } from '@berth/core'
import type { PlanInputs } from './plan-inputs.ts'

/** The change of the inputs that a solved value stands for. Undefined for a file that the page cannot choose by its mix. */
export function solvedChange(value: SolvedValue): Partial<PlanInputs> | undefined {
  switch (value.unknown) {
    case 'context':
      return { ctx: value.contextLength, show: 0 }
    case 'slots':
      return { np: value.parallel, ctx: value.contextLength, show: 0 }
    case 'cache-type':
      return { ctk: value.cacheTypeK, ctv: value.cacheTypeV, show: 0 }
    case 'mix':
      return isMix(value.candidate) ? { mix: value.candidate, show: 0 } : undefined
  }
}

/** Whether two inputs ask the same of a machine, whatever is preferred and whatever of the answers is shown. */
export const asksTheSame = (left: PlanInputs, right: PlanInputs): boolean => askedBy(left) === askedBy(right)

const askedBy = (inputs: PlanInputs): string => JSON.stringify({ ...inputs, ...notAsked })

/** What makes no difference to whether a value fits. */
const notAsked = {
  ...{ machine: null, show: null, split: null },
  ...{ prefer: null, other: null, otherMix: null },
} as const satisfies Partial<Record<keyof PlanInputs, null>>
