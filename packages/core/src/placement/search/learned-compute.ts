import type { Model } from '../../model/model.ts'
import type { Role } from './segments.ts'

/** Compute buffers that replays have shown, and what they say about segments not yet replayed. */
export interface LearnedCompute {
  readonly of: (role: Role, start: number, end: number) => number
  readonly learn: (role: Role, start: number, end: number, compute: number) => void
  /** The dearest known: a guess may be as far off. */
  readonly spread: () => number
}

/** Best fit may leave more holes with fewer blocks; the share of a buffer that a guess stays below what is known. */
const FRAGMENTATION = 0.05

/**
 * A segment that was replayed is known. Another is taken at the least that segments like it allow: the same role, the same
 * kinds of blocks, the block that gathers the output rows or not. Buffers grow with the blocks, by less and less, so what
 * lies between two known counts lies above the line through them. A guess that is too low costs a replay; one that is too
 * high would cost the best split.
 */
export function learnedCompute(model: Model): LearnedCompute {
  const stride = model.blockCount + 2
  const likeness = segmentLikeness(model)
  const byRole = { only: newKnown(stride), first: newKnown(stride), middle: newKnown(stride), last: newKnown(stride) }
  let dearest = 0
  return {
    of: (role, start, end) => {
      const { exact, guesses } = byRole[role]
      const known = exact[start * stride + end]!
      if (!Number.isNaN(known)) return known
      return guesses.get(likeness(start, end))?.guess[blocksIn(role, start, end)] ?? 0
    },
    learn: (role, start, end, compute) => {
      const { exact, guesses } = byRole[role]
      const blocks = blocksIn(role, start, end)
      exact[start * stride + end] = compute
      const like = guesses.get(likeness(start, end)) ?? { least: new Map(), guess: new Float64Array(stride) }
      guesses.set(likeness(start, end), like)
      // Blocks of one kind are alike wherever they begin; where kinds alternate, it counts where.
      const sure = isOneKind(likeness(start, end)) ? compute : compute * (1 - FRAGMENTATION)
      like.least.set(blocks, Math.min(sure, like.least.get(blocks) ?? Infinity))
      interpolate(like.guess, like.least)
      dearest = Math.max(dearest, compute)
    },
    spread: () => dearest,
  }
}

/** As many kinds of blocks as fit a mask beside the mark of the last block; further ones share a bit. */
const KIND_BITS = 29

/** Equal for segments whose blocks are of the same kinds and that alike hold the last block or not. */
function segmentLikeness({ blockCount, blockKinds }: Model): (start: number, end: number) => number {
  const stride = blockCount + 2
  const numbers = new Map<string, number>()
  const bits = blockKinds.map((kind) => {
    const number = numbers.get(kind) ?? numbers.size
    numbers.set(kind, number)
    return 1 << (number % KIND_BITS)
  })
  const masks = new Int32Array(stride * stride)
  for (let start = 0; start < blockCount; start++) {
    let mask = 0
    for (let end = start + 1; end <= blockCount; end++) {
      mask |= bits[end - 1] ?? 0
      masks[start * stride + end] = end === blockCount ? mask | (1 << KIND_BITS) : mask
    }
  }
  return (start, end) => masks[start * stride + Math.min(end, blockCount)]!
}

/** Whether the mask, less the mark of the last block, has a single bit. */
const isOneKind = (mask: number): boolean => {
  const kinds = mask & ((1 << KIND_BITS) - 1)
  return (kinds & (kinds - 1)) === 0
}

interface Likes {
  /** The least that so many blocks needed. */
  readonly least: Map<number, number>
  readonly guess: Float64Array
}

interface Known {
  /** By first layer and the one after the last; not a number where no replay has shown it. */
  readonly exact: Float64Array
  readonly guesses: Map<number, Likes>
}

const newKnown = (stride: number): Known => ({
  exact: new Float64Array(stride * stride).fill(NaN),
  guesses: new Map(),
})

/** The output layer, on the last device, is no block. */
const blocksIn = (role: Role, start: number, end: number): number =>
  end - start - (role === 'only' || role === 'last' ? 1 : 0)

/** The line from nothing through every known count of blocks, a little below it between them; level beyond the largest. */
function interpolate(guess: Float64Array, known: ReadonlyMap<number, number>): void {
  let [from, value] = [0, 0]
  guess[0] = known.get(0) ?? 0
  for (const [blocks, compute] of [...known].toSorted(([left], [right]) => left - right)) {
    for (let at = from + 1; at < blocks; at++) {
      guess[at] = (value + ((compute - value) * (at - from)) / (blocks - from)) * (1 - FRAGMENTATION)
    }
    guess[blocks] = compute
    from = blocks
    value = compute
  }
  guess.fill(value * (1 - FRAGMENTATION), from + 1)
}
