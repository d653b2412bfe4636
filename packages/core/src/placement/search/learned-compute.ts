import type { Role } from './contiguous.ts'

/** Compute buffers that replays have shown, and what they say about segments not yet replayed. */
export interface LearnedCompute {
  readonly of: (role: Role, start: number, end: number) => number
  readonly learn: (role: Role, start: number, end: number, compute: number) => void
  /** The dearest known: a guess may be as far off. */
  readonly spread: () => number
}

/**
 * A segment that was replayed is known. Another is taken at the least that its role and number of blocks allow: buffers
 * grow with the blocks, by less and less, so what lies between two known counts lies above the line through them. A guess that
 * is too low costs a replay; one that is too high would cost the best split.
 */
export function learnedCompute(layerCount: number): LearnedCompute {
  const stride = layerCount + 1
  const byRole = { only: newKnown(stride), first: newKnown(stride), middle: newKnown(stride), last: newKnown(stride) }
  let dearest = 0
  return {
    of: (role, start, end) => {
      const { exact, guess } = byRole[role]
      const known = exact[start * stride + end]!
      return Number.isNaN(known) ? guess[blocksIn(role, start, end)]! : known
    },
    learn: (role, start, end, compute) => {
      const { exact, least, guess } = byRole[role]
      const blocks = blocksIn(role, start, end)
      exact[start * stride + end] = compute
      least.set(blocks, Math.min(compute, least.get(blocks) ?? Infinity))
      interpolate(guess, least)
      dearest = Math.max(dearest, compute)
    },
    spread: () => dearest,
  }
}

interface Known {
  /** By first layer and the one after the last; not a number where no replay has shown it. */
  readonly exact: Float64Array
  /** The least that so many blocks needed. */
  readonly least: Map<number, number>
  readonly guess: Float64Array
}

const newKnown = (stride: number): Known => ({
  exact: new Float64Array(stride * stride).fill(NaN),
  least: new Map(),
  guess: new Float64Array(stride),
})

/** The output layer, on the last device, is no block. */
const blocksIn = (role: Role, start: number, end: number): number =>
  end - start - (role === 'only' || role === 'last' ? 1 : 0)

/** The line from nothing through every known count of blocks; level beyond the largest. */
function interpolate(guess: Float64Array, known: ReadonlyMap<number, number>): void {
  let [from, value] = [0, 0]
  guess[0] = known.get(0) ?? 0
  for (const [blocks, compute] of [...known].toSorted(([left], [right]) => left - right)) {
    for (let at = from + 1; at <= blocks; at++) guess[at] = value + ((compute - value) * (at - from)) / (blocks - from)
    from = blocks
    value = compute
  }
  guess.fill(value, from + 1)
}
