import { engines, judge, type Machine, type Model, plan, type Verdict } from '@berth/core'
import type { Wish } from './judge-messages.ts'

export interface Asked {
  readonly model: Model
  readonly machine: Machine
  readonly wish: Wish
}

/** The plan, or what is to be said of the split that was asked for instead: that is the only placement there is then. */
export function verdictOf({ model, machine, wish: { request, split } }: Asked): Verdict {
  const input = { model, machine, engine: engines['llama.cpp'], request }
  if (!split) return plan(input)
  const { placement, reasons } = judge({ ...input, split })
  if (placement && reasons.length === 0) return { fits: true, best: placement, others: [] }
  return { fits: false, reasons, ...(placement && { nearest: placement }), remedies: [] }
}
