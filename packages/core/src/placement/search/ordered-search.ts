import { MIB } from '../../units.ts'
import { MOST_DEVICES_IN_ANY_ORDER, widerInAnyOrder } from './any-order.ts'
import { widestSplits } from './contiguous.ts'
import { type ContiguousSplit, needTables, type SegmentProblem } from './segments.ts'

type Split = ContiguousSplit | undefined

export interface OrderedSearch {
  readonly widest: () => Split
  readonly fewest: () => Split
}

/** What another order of the devices must leave more, in bytes: less is not worth the surprise. */
export const REORDERING_GAIN = 128 * MIB

/** A headroom of nothing is enough: just below it is the floor that a split which fits must beat. */
const FITTING_FLOOR = -Number.MIN_VALUE

export interface Ordering {
  readonly reorder: boolean
  readonly gain?: number
}

/**
 * The best splits over the devices in their own order, or in another where only that fits or that leaves clearly more:
 * people expect the order they know.
 */
export function orderedSearch(problem: SegmentProblem, { reorder, gain = REORDERING_GAIN }: Ordering): OrderedSearch {
  const tables = needTables(problem)
  const { rooms, firstLayer, layerCount } = problem
  const most = Math.min(problem.mostDevices, rooms.length, layerCount - firstLayer)
  const inAnyOrder = (floors: readonly number[]): readonly Split[] =>
    reorder && floors.length > 1 && rooms.length <= MOST_DEVICES_IN_ANY_ORDER
      ? widerInAnyOrder(problem, tables, floors)
      : []
  const upTo = (count: number, floor: number): readonly number[] => Array.from({ length: count }, () => floor)
  return {
    widest: () => {
      const best = widestOf(widestSplits(problem, tables, { floor: -Infinity, rising: true }))
      const better = (best?.headroom ?? -Infinity) + gain
      const floor = better < gain ? Math.min(FITTING_FLOOR, better) : better
      return widestOf(inAnyOrder(upTo(most, floor))) ?? best
    },
    fewest: () => {
      const inOrder = widestSplits(problem, tables, { floor: FITTING_FLOOR, first: true })
      const known = inOrder.at(-1)
      const floors = upTo(known ? inOrder.length - 1 : most, FITTING_FLOOR)
      const found = inAnyOrder(known ? [...floors, known.headroom + gain] : floors)
      return found.find((split) => split !== undefined) ?? known
    },
  }
}

const widestOf = (splits: readonly Split[]): Split =>
  splits.reduce<Split>((best, split) => (split && (!best || split.headroom > best.headroom) ? split : best), undefined)
