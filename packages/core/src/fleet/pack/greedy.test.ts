import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { llama70b, llama8b, llamaModel } from '../../placement/fixtures.ts'
import { mebibytes } from '../../units.ts'
import { demandFor, labMachine } from './fixtures.ts'
import type { PlannedProblem } from './formulation.ts'
import { packGreedily } from './greedy.ts'
import { planProblem } from './plan-problem.ts'
import { isAllowed, type PackProblem } from './problem.ts'
import type { PackMemo } from './template.ts'
import { verified } from './verify.ts'

const models = [llamaModel(llama8b), llamaModel(llama70b), llamaModel({ ...llama8b, blocks: 60 })]
const memo: PackMemo = new Map()

const card = fc.record({ gib: fc.constantFrom(12, 24, 24, 48), used: fc.constantFrom(0, 0, 3, 20) })
const demand = fc.record({
  model: fc.nat(models.length - 1),
  replicas: fc.integer({ min: 1, max: 5 }),
  priority: fc.nat(2),
  margin: fc.constantFrom(0, 512, 2048),
  allowed: fc.constantFrom(0b1111, 0b1111, 0b0001, 0b0110),
})
const problems = fc
  .record({
    policy: fc.constantFrom('pack' as const, 'spread' as const),
    machines: fc.array(fc.array(card, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
    demands: fc.array(demand, { minLength: 1, maxLength: 4 }),
  })
  .map(({ policy, machines, demands }): PackProblem => {
    const made = machines.map((cards, at) => labMachine(`m${at}`, cards))
    return {
      ...{ policy, machines: made },
      demands: demands.map(({ model, allowed, margin, ...rest }) => {
        const one = demandFor(models[model]!, {
          ...rest,
          allowed: new Set(made.filter((_, at) => allowed & (1 << at)).map(({ id }) => id)),
        })
        return { ...one, request: { ...one.request, margin: mebibytes(margin) } }
      }),
    }
  })

const countOf = (problem: PlannedProblem, demandAt: number): number =>
  packGreedily(problem).filter((one) => one.demand === demandAt).length

it(
  'breaks no rule, exceeds no count, keeps to allowed machines and serves higher priorities as if alone',
  { timeout: 60_000 },
  () => {
    const seen = { placed: 0, left: 0 }
    fc.assert(
      fc.property(problems, (asked) => {
        const problem = planProblem(asked, memo)
        const assigned = packGreedily(problem)
        const { placed, reasons } = verified(problem, assigned)
        expect(reasons).toEqual([])
        expect(placed).toHaveLength(assigned.length)
        for (const [at, { replicas, priority }] of asked.demands.entries()) {
          const own = assigned.filter((one) => one.demand === at)
          expect(own.length).toBeLessThanOrEqual(replicas)
          expect(own.every((one) => isAllowed(asked.demands[at]!, asked.machines[one.machine]!))).toBe(true)
          const others = asked.demands.map((one) => (one.priority < priority ? { ...one, replicas: 0 } : one))
          expect(own.length).toBe(countOf({ ...problem, demands: others }, at))
          seen.left += replicas - own.length
        }
        seen.placed += assigned.length
      }),
      { numRuns: 40, seed: 5 },
    )
    expect(Math.min(seen.placed, seen.left)).toBeGreaterThan(50)
  },
)

it('packs on few machines and spreads over many', () => {
  const machines = ['a', 'b', 'c'].map((name) => labMachine(name, [{ gib: 24 }, { gib: 24 }]))
  const demands = [demandFor(models[0]!, { replicas: 3 })]
  const machinesOf = (policy: PackProblem['policy']): readonly number[] =>
    packGreedily(planProblem({ machines, demands, policy })).map(({ machine }) => machine)
  expect(machinesOf('pack')).toEqual([0, 0, 0])
  expect(machinesOf('spread')).toEqual([0, 1, 2])
})
