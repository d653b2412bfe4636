import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Placement } from '../placement/verdict.ts'
import { type CountProblem, largestCount } from './largest-count.ts'
import type { FixedTrial, Trials } from './trial.ts'

/** A way to place: what it leaves of some memory by the count, and what it gains where a buffer shrinks for once. */
interface Way {
  readonly left: number
  readonly slope: number
  readonly dips: readonly number[]
}

/** The way and its headroom, in the one place that is looked at. */
const placed = (way: number, headroom: number): Placement =>
  ({ split: { hostBlocks: way }, memory: [{ required: 1, headroom }] }) as unknown as Placement

const headroomOf = ({ left, slope, dips }: Way, count: number): number =>
  left - slope * count + (dips[count % dips.length] ?? 0)

interface Toy {
  readonly ways: readonly Way[]
  readonly most: number
  readonly fall: number
  readonly hopeEnds: number
}

/** Plans are counts here; every plan and every split that was counted is written down. */
function counting({ ways, most, fall, hopeEnds }: Toy): { readonly problem: CountProblem; readonly planned: number[] } {
  const planned: number[] = []
  const countOf = ({ request }: { readonly request?: object }): number => (request as { readonly count: number }).count
  const at: Trials['at'] = (change) => {
    const count = countOf(change)
    planned.push(count)
    const headrooms = ways.map((way) => headroomOf(way, count))
    const way = headrooms.indexOf(Math.max(...headrooms))
    const placement = placed(way, headrooms[way]!)
    return headrooms[way]! >= 0 ? { fits: true, placement } : { fits: false, reasons: [], nearest: placement }
  }
  const along: Trials['along'] = ({ split }, change): FixedTrial => {
    const headroom = headroomOf(ways[split.hostBlocks]!, countOf(change))
    return { headroom, ...(headroom >= 0 && { placement: placed(split.hostBlocks, headroom) }) }
  }
  const trials = { at, along, isHopeless: (change: object) => countOf(change) > hopeEnds } as unknown as Trials
  return { planned, problem: { trials, most, fall: () => fall, change: (count) => ({ request: { count } as object }) } }
}

const fits = ({ ways }: Toy, count: number): boolean => ways.some((way) => headroomOf(way, count) >= 0)

/** By trying every count. */
const largest = (toy: Toy): number | undefined =>
  Array.from({ length: toy.most }, (_, index) => toy.most - index).find((count) => fits(toy, count))

const toys = fc
  .record({
    ways: fc.array(
      fc.record({
        left: fc.integer({ min: -50, max: 2000 }),
        slope: fc.integer({ min: 0, max: 40 }),
        dips: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 7 }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    most: fc.integer({ min: 1, max: 200 }),
  })
  .map(({ ways, most }): Toy => {
    const fall = Math.max(...ways.flatMap(({ dips }) => dips))
    const counts = Array.from({ length: most }, (_, index) => index + 1)
    const hopeEnds = counts.findLast((count) => ways.some(({ left, slope }) => left - slope * count + fall >= 0)) ?? 0
    return { ways, most, fall, hopeEnds }
  })

describe('largestCount', () => {
  it('is what trying every count comes to, shrinking buffers included', () => {
    fc.assert(
      fc.property(toys, (toy) => {
        const found = largestCount(counting(toy).problem)
        expect(found.best?.count).toBe(largest(toy))
        const isMost = found.best?.count === toy.most
        expect(found.next?.fits).toBe(isMost ? undefined : false)
      }),
      { numRuns: 2000 },
    )
  })

  it('plans a handful of counts where the best split changes on the way', () => {
    const ways = Array.from({ length: 30 }, (_, way) => ({ left: 9000 - 90 * way, slope: 60 - way, dips: [0] }))
    const toy = { ways, most: 512, fall: 0, hopeEnds: 512 }
    const { problem, planned } = counting(toy)
    expect(largestCount(problem).best?.count).toBe(largest(toy))
    expect(planned.length).toBeLessThanOrEqual(6)
  })

  it('plans once where all fits', () => {
    const { problem, planned } = counting({
      ways: [{ left: 1000, slope: 1, dips: [0] }],
      most: 512,
      fall: 0,
      hopeEnds: 512,
    })
    expect(largestCount(problem)).toMatchObject({ best: { count: 512 } })
    expect(planned).toEqual([512])
  })

  it('plans nothing that is beyond hope but the count that shows why', () => {
    const ways = [{ left: 1000, slope: 10, dips: [0] }]
    const { problem, planned } = counting({ ways, most: 100_000, fall: 0, hopeEnds: 100 })
    expect(largestCount(problem)).toMatchObject({ best: { count: 100 }, next: { fits: false } })
    expect(planned).toEqual([100, 101])
  })
})
