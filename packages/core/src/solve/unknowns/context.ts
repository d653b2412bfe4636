import { CELL_GRANULARITY, contextShape } from '../../context/shape.ts'
import { workplaceOf } from '../../placement/plan-input.ts'
import { tokens } from '../../units.ts'
import { fallWithContext } from '../fall.ts'
import { largestCount } from '../largest-count.ts'
import { counted } from '../counted.ts'
import type { SolvedValue } from '../solution.ts'
import type { Unknown } from './unknown.ts'

/** The largest context of a slot, in the engine's own steps of 256 cells, up to what the model was trained for. */
export const context: Unknown = {
  solve: ({ trials }) => {
    const { model } = trials.input
    const { streams } = contextShape(model, workplaceOf(trials.input).settings)
    const trained = Math.max(1, model.contextLengthTrained)
    const valueOf = (count: number): Extract<SolvedValue, { readonly unknown: 'context' }> => {
      const contextPerSlot = tokens(Math.min(count * CELL_GRANULARITY, trained))
      return { unknown: 'context', contextPerSlot, contextLength: tokens(contextPerSlot * streams) }
    }
    const requestOf = (count: number) => ({ contextLength: valueOf(count).contextLength })
    const found = largestCount({
      trials,
      most: Math.ceil(trained / CELL_GRANULARITY),
      change: (count) => ({ request: requestOf(count) }),
      fall: fallWithContext,
    })
    return counted({ trials, found, valueOf, requestOf, limit: 'trained-context' })
  },
}
