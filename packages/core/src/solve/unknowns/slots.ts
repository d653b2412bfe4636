import { contextShape } from '../../context/shape.ts'
import type { RunRequest } from '../../memory/settings.ts'
import { type PlanInput, workplaceOf } from '../../placement/plan-input.ts'
import type { Placement } from '../../placement/verdict.ts'
import { type Tokens, tokens } from '../../units.ts'
import { counted } from '../counted.ts'
import { fallWithContext, largestBuffer } from '../fall.ts'
import { largestCount } from '../largest-count.ts'
import type { Unknown } from './unknown.ts'

/** The most slots at the context that one slot has now: `-c` grows with them, unless they share one cache. */
export const slots: Unknown = {
  solve: ({ trials }) => {
    const { input } = trials
    const contextOf = contextOfSlots(input)
    const requestOf = (parallel: number) => ({ parallel, contextLength: contextOf(parallel) })
    const found = largestCount({
      trials,
      most: input.engine.slotLimit,
      change: (parallel) => ({ request: requestOf(parallel) }),
      fall: (nearest) => Math.max(fallWithContext(nearest), roundedAway(input, nearest) * largestBuffer(nearest)),
    })
    const valueOf = (parallel: number) => ({ unknown: 'slots', ...requestOf(parallel) }) as const
    return counted({ trials, found, valueOf, requestOf, limit: 'engine-limit' })
  },
}

const shapeOf = ({ model, ...input }: PlanInput, change: Partial<RunRequest>) =>
  contextShape(model, workplaceOf({ ...input, model, request: { ...input.request, ...change } }).settings)

/** One slot keeps what it may use: `n_ctx_seq`. */
function contextOfSlots(input: PlanInput): (parallel: number) => Tokens {
  const { contextPerSequence } = shapeOf(input, {})
  const isShared = shapeOf(input, { parallel: 2 }).streams === 1
  return (parallel) => tokens(isShared ? contextPerSequence : contextPerSequence * parallel)
}

/**
 * The share of a prompt's tokens that is padding: `graph_reserve` rounds them up to a multiple of the slots, so 200 slots
 * reserve 600 tokens where 256 reserve 512.
 */
function roundedAway({ model }: PlanInput, { settings }: Placement): number {
  const { promptTokens, contextLength, ubatchSize } = contextShape(model, settings)
  return 1 - Math.min(contextLength, ubatchSize) / promptTokens
}
