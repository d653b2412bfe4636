import { type Role, roles } from './contiguous.ts'

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
  const exact = new Map<number, number>()
  const byBlocks = roles.map(() => ({ least: new Map<number, number>(), guess: new Float64Array(layerCount + 1) }))
  let dearest = 0
  const key = (role: number, start: number, end: number): number => (role * 4096 + start) * 4096 + end
  return {
    of: (role, start, end) => {
      const at = roles.indexOf(role)
      return exact.get(key(at, start, end)) ?? byBlocks[at]!.guess[blocksIn(role, start, end)]!
    },
    learn: (role, start, end, compute) => {
      const at = roles.indexOf(role)
      const { least, guess } = byBlocks[at]!
      const blocks = blocksIn(role, start, end)
      exact.set(key(at, start, end), compute)
      least.set(blocks, Math.min(compute, least.get(blocks) ?? Infinity))
      interpolate(guess, least)
      dearest = Math.max(dearest, compute)
    },
    spread: () => dearest,
  }
}

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
