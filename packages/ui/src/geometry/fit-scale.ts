import { GIB } from '@berth/core'

/** From the most that is lacking to the most that is to spare, with as many steps on both sides of zero. */
export const fitSteps = [-3, -2, -1, 0, 1, 2, 3] as const
export type FitStep = (typeof fitSteps)[number]

/**
 * GiB from which a step is left for the next. Within the first either way is zero's own: so little may go with the
 * next driver. The others are a small model, and a card.
 */
export const stepsFromGibibytes = [1, 8, 32] as const

/** The step that a headroom is drawn in; what lacks is negative. */
export function fitStep(headroom: number): FitStep {
  const steps = stepsFromGibibytes.filter((from) => Math.abs(headroom) >= from * GIB).length
  return fitSteps[fitSteps.indexOf(0) + Math.sign(headroom) * steps] ?? 0
}

const names = { 1: 'plus-1', 2: 'plus-2', 3: 'plus-3', 0: 'zero', '-1': 'minus-1', '-2': 'minus-2', '-3': 'minus-3' }

export const fitColour = (step: FitStep): string => `var(--fit-${names[step]})`
