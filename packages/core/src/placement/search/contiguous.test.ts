import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { widerInAnyOrder } from './any-order.ts'
import { type Ambition, widestSplits } from './contiguous.ts'
import { orderedSearch } from './ordered-search.ts'
import { type ContiguousSplit, leftOf, needTables, roleOf, type SegmentProblem } from './segments.ts'

type Split = ContiguousSplit | undefined

/** Every way to cut the layers over every choice of devices, in their order or in any: what a search must equal. */
function bruteForce(problem: SegmentProblem, anyOrder: boolean): readonly number[] {
  const { rooms, firstLayer, layerCount, mostDevices } = problem
  const best = Array.from({ length: Math.min(mostDevices, rooms.length, layerCount - firstLayer) }, () => -Infinity)
  const visit = (chain: readonly { device: number; start: number; end: number }[], start: number): void => {
    if (start === layerCount) {
      const used = chain.length
      const left = chain.map((one, at) => leftOf(problem, { ...one, role: roleOf(at, used) }))
      best[used - 1] = Math.max(best[used - 1]!, Math.min(...left))
      return
    }
    if (chain.length === best.length) return
    for (let device = 0; device < rooms.length; device++) {
      const isTaken = anyOrder ? chain.some((one) => one.device === device) : device <= (chain.at(-1)?.device ?? -1)
      if (isTaken) continue
      for (let end = start + 1; end <= layerCount; end++) visit([...chain, { device, start, end }], end)
    }
  }
  visit([], firstLayer)
  return best
}

const cost = fc.integer({ min: 0, max: 9 })
const problems = fc
  .record({
    free: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 4 }),
    layers: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 7 }),
    extra: fc.record({ only: cost, first: cost, middle: cost, last: cost }),
    output: cost,
    firstLayer: fc.integer({ min: 0, max: 1 }),
    mostDevices: fc.integer({ min: 1, max: 4 }),
    // A longer segment may need a little less: the allocator left fewer holes.
    wiggle: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 64, maxLength: 64 }),
    unit: fc.constantFrom(1, 3),
  })
  .map(({ free, layers, extra, output, firstLayer, mostDevices, wiggle, unit }): SegmentProblem => {
    const sum = (start: number, end: number): number => layers.slice(start, end).reduce((total, one) => total + one, 0)
    return {
      firstLayer,
      layerCount: layers.length,
      mostDevices,
      rooms: free.map((room) => ({ withoutOutput: room, withOutput: room - output, unit })),
      need: (role, start, end) => sum(start, end) + extra[role] + wiggle[start * 8 + end]!,
    }
  })

const headroomsOf = (splits: readonly Split[]): readonly number[] => splits.map((split) => split?.headroom ?? -Infinity)

/** Every layer once, no device twice, and the headroom that is claimed. */
function expectWhole(split: ContiguousSplit, problem: SegmentProblem): void {
  const { segments, headroom } = split
  expect(segments[0]!.start).toBe(problem.firstLayer)
  expect(segments.at(-1)!.end).toBe(problem.layerCount)
  expect(new Set(segments.map(({ device }) => device)).size).toBe(segments.length)
  segments.forEach(({ role, start, end }, at) => {
    expect(role).toBe(roleOf(at, segments.length))
    expect(end).toBeGreaterThan(start)
    if (at > 0) expect(start).toBe(segments[at - 1]!.end)
  })
  expect(headroom).toBe(Math.min(...segments.map((segment) => leftOf(problem, segment))))
}

describe('widestSplits', () => {
  it('equals brute force over all contiguous splits, for every number of devices', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const splits = widestSplits(problem, needTables(problem), { floor: -Infinity })
        expect(headroomsOf(splits)).toEqual(bruteForce(problem, false))
        for (const split of splits) {
          if (!split) continue
          expectWhole(split, problem)
          const devices = split.segments.map(({ device }) => device)
          expect(devices).toEqual(devices.toSorted((left, right) => left - right))
        }
      }),
      { numRuns: 400 },
    )
  })
})

describe('widestSplits with an ambition', () => {
  const headrooms = (problem: SegmentProblem, ambition: Ambition): readonly number[] =>
    headroomsOf(widestSplits(problem, needTables(problem), ambition))

  it('finds what beats a floor, rises with what it found, or stops at the first', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: -40, max: 40 }), (problem, floor) => {
        const brute = bruteForce(problem, false)
        const beating = brute.map((headroom) => (headroom > floor ? headroom : -Infinity))
        expect(headrooms(problem, { floor })).toEqual(beating)
        const first = beating.findIndex((headroom) => headroom > -Infinity)
        expect(headrooms(problem, { floor, first: true })).toEqual(
          beating.slice(0, first === -1 ? undefined : first + 1),
        )
        expect(Math.max(...headrooms(problem, { floor, rising: true }))).toBe(Math.max(...beating))
      }),
      { numRuns: 300 },
    )
  })
})

describe('widerInAnyOrder', () => {
  it('equals brute force over all orders, for every number of devices above one', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const brute = bruteForce(problem, true)
        const splits = widerInAnyOrder(
          problem,
          needTables(problem),
          brute.map(() => -Infinity),
        )
        expect(headroomsOf(splits).slice(1)).toEqual(brute.slice(1))
        for (const split of splits) if (split) expectWhole(split, problem)
      }),
      { numRuns: 400 },
    )
  })

  it('finds what beats a floor and nothing else', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: -40, max: 40 }), (problem, floor) => {
        const brute = bruteForce(problem, true)
        const splits = widerInAnyOrder(
          problem,
          needTables(problem),
          brute.map(() => floor),
        )
        const most = Math.max(-Infinity, ...brute.slice(1))
        expect(Math.max(-Infinity, ...headroomsOf(splits))).toBe(most > floor ? most : -Infinity)
      }),
      { numRuns: 300 },
    )
  })
})

describe('orderedSearch', () => {
  it.each([true, false])(
    'is the widest of all, and of all over the fewest devices that fit; reordering %s',
    (reorder) => {
      fc.assert(
        fc.property(problems, (problem) => {
          const brute = bruteForce(problem, reorder)
          const search = orderedSearch(problem, { reorder, gain: 0 })
          expect(search.widest()?.headroom ?? -Infinity).toBe(Math.max(...brute))
          const fewest = brute.findIndex((headroom) => headroom >= 0)
          expect(search.fewest()?.headroom).toBe(brute[fewest])
          expect(search.fewest()?.segments.length ?? 0).toBe(fewest + 1)
        }),
        { numRuns: 300 },
      )
    },
  )

  it('keeps the order of the machine where no other leaves more', () => {
    const problem: SegmentProblem = {
      firstLayer: 0,
      layerCount: 8,
      mostDevices: 4,
      rooms: [90, 10, 90].map((room) => ({ withoutOutput: room, withOutput: room, unit: 1 })),
      need: (_, start, end) => (end - start) * 10,
    }
    const devices = orderedSearch(problem, { reorder: true })
      .widest()!
      .segments.map(({ device }) => device)
    expect(devices).toEqual([0, 2])
  })
})
