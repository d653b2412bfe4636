import { type PackMemo, type PackProblem, planProblem, verified } from '@berth/core'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { packExactly } from './pack-exactly.ts'
import { bestOfAll } from './testing/brute-force.ts'
import { demandFor, machineWith, models } from './testing/lab.ts'

const card = fc.record({
  gib: fc.constantFrom(2.5, 4, 6),
  usedGib: fc.constantFrom(0, 0, 0.3),
  reservedGib: fc.constantFrom(0, 0, 0, 1),
})

const labs = fc.record({
  policy: fc.constantFrom('pack' as const, 'spread' as const),
  machines: fc.array(fc.array(card, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
  demands: fc.array(
    fc.record({
      model: fc.nat(models.length - 1),
      replicas: fc.integer({ min: 1, max: 3 }),
      priority: fc.nat(1),
      marginMib: fc.constantFrom(64, 64, 256),
      // Machines that may hold it, as bits.
      allowed: fc.constantFrom(7, 7, 7, 1, 2),
    }),
    { minLength: 1, maxLength: 3 },
  ),
})

type Lab = typeof labs extends fc.Arbitrary<infer Value> ? Value : never

function problemOf({ policy, machines, demands }: Lab): PackProblem {
  const made = machines.map((cards, at) => machineWith(`m${at}`, cards, 8))
  return {
    ...{ policy, machines: made },
    demands: demands.map(({ model, allowed, ...rest }) =>
      demandFor(models[model]!, {
        ...rest,
        allowed: new Set(made.filter((_, at) => allowed & (1 << at)).map(({ id }) => id)),
      }),
    ),
  }
}

const memo: PackMemo = new Map()

it('reaches goal by goal what the best of all packings reaches, and breaks no rule', { timeout: 300_000 }, async () => {
  const seen = { short: 0, split: 0, several: 0 }
  await fc.assert(
    fc.asyncProperty(labs, async (lab) => {
      const problem = planProblem(problemOf(lab), memo)
      const { goals, assigned } = await packExactly(problem, { seconds: 20 })
      const { placed, reasons } = verified(problem, assigned)
      expect(reasons).toEqual([])
      expect(goals.every(({ isBest }) => isBest)).toBe(true)
      const best = bestOfAll(
        problem,
        goals.map(({ goal }) => goal),
      )
      for (const [at, { goal, value }] of goals.entries()) {
        // The load is sought to a thousandth.
        expect({ goal, value: Math.abs(value - best[at]!) < 2e-3 ? best[at] : value }).toEqual({
          goal,
          value: best[at],
        })
      }
      if (placed.length < lab.demands.reduce((sum, { replicas }) => sum + replicas, 0)) seen.short++
      if (placed.some(({ placement }) => placement.split.devices.length > 1)) seen.split++
      if (placed.length > 2) seen.several++
    }),
    { numRuns: 150, seed: 11 },
  )
  expect(Math.min(seen.short, seen.split, seen.several)).toBeGreaterThan(20)
})
