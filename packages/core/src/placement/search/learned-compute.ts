import { type Role, roles } from './contiguous.ts'

/** Compute buffers that replays have shown, and what they say about segments not yet replayed. */
export interface LearnedCompute {
  readonly of: (role: Role, start: number, end: number) => number
  readonly learn: (role: Role, start: number, end: number, compute: number) => void
  /** Between the dearest and the cheapest known. */
  readonly spread: () => number
}

/** From here on a longer segment holds no kind of block that a shorter one lacks, and its buffer all but stays. */
const LONG = 8

/**
 * A segment that was replayed is known. Another is taken at the least that one of its role and length needed, else of
 * its role and the nearest length: buffers hold the largest block's work, not the sum, so this is all but exact.
 */
export function learnedCompute(): LearnedCompute {
  const exact = new Map<number, number>()
  const guesses = new Map<Role, (number | undefined)[]>()
  let dearest = 0
  let cheapest = 0
  const key = (role: Role, start: number, end: number): number => (roles.indexOf(role) * 4096 + start) * 4096 + end
  return {
    of: (role, start, end) =>
      exact.get(key(role, start, end)) ?? nearest(guesses.get(role), Math.min(end - start, LONG)),
    learn: (role, start, end, compute) => {
      const lengths = guesses.get(role) ?? Array.from<number | undefined>({ length: LONG + 1 })
      const length = Math.min(end - start, LONG)
      lengths[length] = Math.min(compute, lengths[length] ?? Infinity)
      guesses.set(role, lengths)
      exact.set(key(role, start, end), compute)
      dearest = Math.max(dearest, compute)
      cheapest = cheapest === 0 ? compute : Math.min(cheapest, compute)
    },
    spread: () => dearest - cheapest,
  }
}

function nearest(lengths: readonly (number | undefined)[] | undefined, length: number): number {
  if (!lengths) return 0
  for (let distance = 0; distance <= LONG; distance++) {
    const found = lengths[length + distance] ?? lengths[length - distance]
    if (found !== undefined) return found
  }
  return 0
}
