import { engines, type Machine, planOrJudge, type Verdict } from '@berth/core'
import type { WishOf } from './judge-messages.ts'
import type { Models } from './subject-models.ts'

export interface Asked {
  readonly models: Models
  readonly machine: Machine
  readonly wish: WishOf<'plan'>
}

/** The plan, or what is to be said of the split that was asked for instead: that is the only placement there is then. */
export function verdictOf({ models, machine, wish: { request, preference, split } }: Asked): Verdict {
  const { model, other, alternatives } = models
  const engine = engines['llama.cpp']
  const input = { model, machine, engine, request, alternatives, ...(preference && { preference }) }
  return planOrJudge({ ...input, ...(other && { other: { model: other, engine, request } }), ...(split && { split }) })
}
