import type { Workplace } from '../judge.ts'
import type { Placement, Reason } from '../verdict.ts'

/** One condition that a placement must meet; all its reasons at once, none when it is met. */
export type Rule = (placement: Placement, workplace: Workplace) => readonly Reason[]
