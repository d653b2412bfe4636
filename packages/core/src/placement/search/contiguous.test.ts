import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ContiguousProblem, roleOf, widestSplits } from './contiguous.ts'

/** Every way to cut the layers over every choice of devices: what the search must equal. */
function bruteForce(problem: ContiguousProblem): readonly number[] {
  const { deviceCount, firstLayer, layerCount, mostDevices, left } = problem
  const best = Array.from({ length: Math.min(mostDevices, deviceCount, layerCount - firstLayer) }, () => -Infinity)
  const visit = (
    chain: readonly { device: number; start: number; end: number }[],
    device: number,
    start: number,
  ): void => {
    if (start === layerCount) {
      const used = chain.length
      const headrooms = chain.map((one, at) => left(one.device, roleOf(at, used), one.start, one.end))
      best[used - 1] = Math.max(best[used - 1]!, Math.min(...headrooms))
      return
    }
    if (chain.length === best.length) return
    for (let next = device; next < deviceCount; next++) {
      for (let end = start + 1; end <= layerCount; end++) visit([...chain, { device: next, start, end }], next + 1, end)
    }
  }
  visit([], 0, firstLayer)
  return best
}

const problems = fc
  .record({
    free: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 4 }),
    layers: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 7 }),
    extra: fc.record({
      only: fc.integer({ min: 0, max: 9 }),
      first: fc.integer({ min: 0, max: 9 }),
      middle: fc.integer({ min: 0, max: 9 }),
      last: fc.integer({ min: 0, max: 9 }),
    }),
    firstLayer: fc.integer({ min: 0, max: 1 }),
    mostDevices: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ free, layers, extra, firstLayer, mostDevices }): ContiguousProblem => {
    const sum = (start: number, end: number): number => layers.slice(start, end).reduce((total, one) => total + one, 0)
    return {
      deviceCount: free.length,
      firstLayer,
      layerCount: layers.length,
      mostDevices,
      left: (device, role, start, end) => free[device]! - sum(start, end) - extra[role],
      slack: 0,
    }
  })

describe('widestSplits', () => {
  it('equals brute force over all contiguous splits, for every number of devices', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        expect(widestSplits(problem).map((split) => split?.headroom ?? -Infinity)).toEqual(bruteForce(problem))
      }),
      { numRuns: 400 },
    )
  })

  it('covers every layer once, in device order, and says what its tightest device keeps', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        for (const split of widestSplits(problem)) {
          if (!split) continue
          const { segments } = split
          expect(segments[0]!.start).toBe(problem.firstLayer)
          expect(segments.at(-1)!.end).toBe(problem.layerCount)
          for (let at = 1; at < segments.length; at++) {
            expect(segments[at]!.start).toBe(segments[at - 1]!.end)
            expect(segments[at]!.device).toBeGreaterThan(segments[at - 1]!.device)
          }
          const headrooms = segments.map(({ device, role, start, end }) => problem.left(device, role, start, end))
          expect(split.headroom).toBe(Math.min(...headrooms))
        }
      }),
    )
  })

  it('stays exact when a longer segment may need a little less, within the slack', () => {
    fc.assert(
      fc.property(
        problems,
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 64, maxLength: 64 }),
        (problem, wiggle) => {
          const bumpy: ContiguousProblem = {
            ...problem,
            left: (device, role, start, end) => problem.left(device, role, start, end) - wiggle[start * 8 + end]!,
            slack: 5,
          }
          expect(widestSplits(bumpy).map((split) => split?.headroom ?? -Infinity)).toEqual(bruteForce(bumpy))
        },
      ),
      { numRuns: 300 },
    )
  })
})
