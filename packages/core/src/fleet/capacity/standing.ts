import type { PlanInput } from '../../placement/plan-input.ts'
import { leastHeadroom, needsHost } from '../../placement/rank.ts'
import { solve } from '../../solve/solve.ts'
import type { Bytes, Tokens } from '../../units.ts'
import { type Hosting, hosting } from './hosting.ts'

/** The largest context of a slot, with as many slots as were asked for. */
export interface ContextReach {
  readonly on: 'gpus' | 'host'
  readonly perSlot: Tokens
  /** Whether the model was trained for no more, so that no memory would change it. */
  readonly isTrained: boolean
}

/** How a model stands on a machine as asked, in numbers. */
export interface Standing {
  readonly on: Hosting['on']
  /** Left on the fullest GPU; absent where it fits nowhere. */
  readonly headroom?: Bytes
  readonly lacks?: Bytes
  /** Absent where not even the least fits, or it was not looked for. */
  readonly context?: ContextReach
}

/** Where a context is looked for: with the host's help too, on GPUs alone where it fits them as asked, or not at all. */
export type ContextSearch = 'anywhere' | 'on-gpus' | 'none'

export function standingOf(input: PlanInput, search: ContextSearch): Standing {
  const found = hosting(input, 'widest')
  const searched = search === 'anywhere' || (search === 'on-gpus' && found.on === 'gpus')
  const context = searched ? largestContextOf(input) : undefined
  const reach = context && { context }
  if (found.on !== 'nowhere') return { on: found.on, headroom: leastHeadroom(found.placement), ...reach }
  return { on: 'nowhere', ...(found.lacks !== undefined && { lacks: found.lacks }), ...reach }
}

function largestContextOf(input: PlanInput): ContextReach | undefined {
  const solution = solve({ ...input, unknown: 'context' })
  if (!solution.solved || solution.value.unknown !== 'context') return undefined
  return {
    on: needsHost(solution.placement) ? 'host' : 'gpus',
    perSlot: solution.value.contextPerSlot,
    isTrained: solution.bound.code === 'trained-context',
  }
}
