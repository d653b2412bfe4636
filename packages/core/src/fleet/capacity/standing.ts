import type { PlanInput } from '../../placement/plan-input.ts'
import { leastHeadroom } from '../../placement/rank.ts'
import { solveOnDevices } from '../../solve/solve.ts'
import type { Bytes, Tokens } from '../../units.ts'
import { type Hosting, hosting } from './hosting.ts'

/** The largest context of a slot on GPUs alone, with as many slots as were asked for. */
export interface ContextReach {
  readonly perSlot: Tokens
  /** Whether the model was trained for no more, so that no memory would change it. */
  readonly isTrained: boolean
}

/** How a model stands on a machine as asked, in numbers. */
export interface ModelStanding {
  readonly on: Hosting['on']
  /** Left on the fullest GPU; absent where it fits nowhere. */
  readonly headroom?: Bytes
  /** Absent where it fits, and where the engine refuses it. */
  readonly lacks?: Bytes
  /** Absent where GPUs alone do not hold even the least. */
  readonly context?: ContextReach
}

export function standingOf(input: PlanInput): ModelStanding {
  const found = hosting(input, 'widest')
  const context = contextOf(input)
  const reach = context && { context }
  if (found.on !== 'nowhere') return { on: found.on, headroom: leastHeadroom(found.placement), ...reach }
  return { on: 'nowhere', ...(found.lacks !== undefined && { lacks: found.lacks }), ...reach }
}

function contextOf(input: PlanInput): ContextReach | undefined {
  const solution = solveOnDevices({ ...input, unknown: 'context' })
  if (!solution.solved || solution.value.unknown !== 'context') return undefined
  return { perSlot: solution.value.contextPerSlot, isTrained: solution.bound.code === 'trained-context' }
}
