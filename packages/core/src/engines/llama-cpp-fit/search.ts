import { bytes, type Tokens } from '../../units.ts'
import { type Assignment, flagsOf, uint32 } from './assignment.ts'
import { int64Quotient } from './int64-quotient.ts'
import { FitAbort, type FitTrial } from './fit-result.ts'
import type { FitProblem } from './problem.ts'

/** A search for layers on devices, at a context that is settled. */
export interface Search {
  readonly problem: FitProblem
  readonly contextLength: Tokens
  /** Bytes that each device may hold at most; negative where less than its margin is free. */
  readonly targets: readonly number[]
}

/** An assignment and the bytes it takes on each device. */
export interface Candidate {
  readonly assignment: Assignment
  readonly used: readonly number[]
}

/** A candidate, and the first device that still holds layers without their experts (`id_dense_start`). */
export interface Filled extends Candidate {
  readonly denseStart: number
}

/** `get_memory_for_layers`. */
export const measured = ({ problem, contextLength }: Search, assignment: Assignment): Candidate => ({
  assignment,
  used: problem.measure(contextLength, flagsOf(assignment, problem)).map(({ used }) => used),
})

/** A search between a candidate that fits one device and one that does not. */
export interface Bounds {
  readonly low: Candidate
  readonly high: Candidate
}

/**
 * False position: as many of `delta` layers as a straight line between the two bounds lets in, at least one and not
 * all. A negative count wraps to a huge one, as where not even the lower bound fits.
 */
export function interpolatedStep(delta: number, bounds: { low: number; high: number; target: number }): number {
  const { low, high, target } = bounds
  const quotient = int64Quotient(delta, target - low, high - low)
  if (quotient === undefined) throw new FitAbort('undefined-arithmetic')
  const step = uint32(quotient)
  return Math.min(Math.max(step, 1), delta - 1)
}

export const trial = (layers: number, used: number, target: number): FitTrial => ({
  layers,
  used: bytes(used),
  fits: used <= target,
})
