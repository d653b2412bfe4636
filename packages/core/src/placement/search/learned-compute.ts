import type { Model } from '../../model/model.ts'
import type { Role } from './segments.ts'

/** Compute buffers that replays have shown, and what they say about segments not yet replayed. */
export interface LearnedCompute {
  readonly of: (segment: LearnedSegment) => number
  readonly learn: (segment: LearnedSegment, compute: number) => void
}

export interface LearnedSegment {
  readonly role: Role
  readonly start: number
  readonly end: number
  /** Of the whole model: how many of the first blocks have their experts on the host. */
  readonly expertsOnHost: number
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
  const byRole = { only: newKnown(), first: newKnown(), middle: newKnown(), last: newKnown() }
  const keyOf = (segment: LearnedSegment): number =>
    (segment.start * stride + segment.end) * stride + blocksWithoutExperts(segment)
  return {
    of: (segment) => {
      const { exact, guesses } = byRole[segment.role]
      // Most searches begin with nothing known.
      if (exact.size === 0) return 0
      return exact.get(keyOf(segment)) ?? guesses.get(likeness(segment))?.guess[blocksIn(segment)] ?? 0
    },
    learn: (segment, compute) => {
      const { exact, guesses } = byRole[segment.role]
      const [blocks, like] = [blocksIn(segment), likeness(segment)]
      exact.set(keyOf(segment), compute)
      const likes = guesses.get(like) ?? { least: new Map(), guess: new Float64Array(stride) }
      guesses.set(like, likes)
      // Blocks of one kind are alike wherever they begin; where kinds alternate, it counts where.
      const sure = isOneKind(like) ? compute : compute * (1 - FRAGMENTATION)
      likes.least.set(blocks, Math.min(sure, likes.least.get(blocks) ?? Infinity))
      interpolate(likes.guess, likes.least)
    },
  }
}

/** As many kinds of blocks as fit a mask beside the marks of the last block; further ones share a bit. */
const KIND_BITS = 29

/**
 * Equal for segments whose blocks are of the same kinds, that alike hold the last block, alone or not, and have as many
 * blocks whose experts are on the host: none, so many of them, or all.
 */
function segmentLikeness({ blockCount, blockKinds }: Model): (segment: LearnedSegment) => number {
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
      // Alone, it computes less than a line through nothing says: its rows are gathered before its feed-forward.
      const mark = end < blockCount ? 0 : start === end - 1 ? 1 << (KIND_BITS + 1) : 1 << KIND_BITS
      masks[start * stride + end] = mask | mark
    }
  }
  return (segment) => {
    const { start, end } = segment
    const without = blocksWithoutExperts(segment)
    const share = without > 0 && without === blocksIn(segment) ? stride : without
    return masks[start * stride + Math.min(end, blockCount)]! + share * 2 ** 32
  }
}

/** Whether the mask, less the marks of the last block, has a single bit. */
const isOneKind = (likeness: number): boolean => {
  const kinds = likeness & ((1 << KIND_BITS) - 1)
  return (kinds & (kinds - 1)) === 0
}

interface Likes {
  /** The least that so many blocks needed. */
  readonly least: Map<number, number>
  readonly guess: Float64Array
}

interface Known {
  /** By segment. */
  readonly exact: Map<number, number>
  readonly guesses: Map<number, Likes>
}

const newKnown = (): Known => ({ exact: new Map(), guesses: new Map() })

/** The output layer, on the last device, is no block. */
const blocksIn = ({ role, start, end }: LearnedSegment): number =>
  end - start - (role === 'only' || role === 'last' ? 1 : 0)

const blocksWithoutExperts = (segment: LearnedSegment): number =>
  Math.max(0, Math.min(segment.expertsOnHost, segment.start + blocksIn(segment)) - segment.start)

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
