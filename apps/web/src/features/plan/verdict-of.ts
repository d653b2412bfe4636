import { isExl2Engine, type Machine, planModel, type Verdict } from '@berth/core'
import { engineNamed } from './engine-choice.ts'
import type { WishOf } from './judge-messages.ts'
import type { Models } from './subject-models.ts'

export interface Asked {
  readonly models: Models
  readonly machine: Machine
  readonly wish: WishOf<'plan'>
}

/** The plan, or what is to be said of the split that was asked for instead: that is the only placement there is then. */
export function verdictOf({ models, machine, wish }: Asked): Verdict {
  const { request, preference, split } = wish
  const { model, other, alternatives } = models
  const engine = engineNamed(wish.engine)
  const tenant = other && !isExl2Engine(engine) ? { model: other, engine, request } : undefined
  const input = { model, machine, engine, request, alternatives, ...(preference && { preference }) }
  return planModel({ ...input, ...(tenant && { other: tenant }), ...(split && { split }) })
}
