import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { engines } from '../engines/index.ts'
import { requestDefaults } from '../memory/settings.ts'
import { bytes, tokens } from '../units.ts'
import { allSplits } from './brute-force.ts'
import { llamaModel, machineOf } from './fixtures.ts'
import type { PlanInput } from './plan-input.ts'
import { judge, plan } from './plan.ts'
import type { PreferenceId } from './preferences/index.ts'
import type { LayerSplit } from './verdict.ts'

const engine = engines['llama.cpp']

const inputs = (preference: PreferenceId, most: number): fc.Arbitrary<PlanInput> =>
  fc
    .record({
      blocks: fc.integer({ min: 2, max: 4 }),
      mib: fc.array(fc.integer({ min: 540, max: most }), { minLength: 2, maxLength: 3 }),
    })
    .map(({ blocks, mib }) => ({
      model: llamaModel({
        blocks,
        embedding: 1024,
        feedForward: 4096,
        heads: 4,
        headsKv: 4,
        vocabulary: 32_000,
        type: 'q8_0',
        trained: 32 * 1024,
      }),
      machine: machineOf(mib.map((one) => ({ gib: one / 1024 }))),
      engine,
      preference,
      request: { ...requestDefaults, contextLength: tokens(1024), margin: bytes(0) },
    }))

/** Cells of the largest context, up to what the model was trained for, by trying every one upwards. */
function largestContext(input: PlanInput, splits: readonly LayerSplit[]): number {
  const fits = (split: LayerSplit, cells: number): boolean =>
    judge({ ...input, request: { ...input.request, contextLength: tokens(cells) }, split }).reasons.length === 0
  let cells = 0
  let left = splits
  while (cells < input.model.contextLengthTrained) {
    left = left.filter((split) => fits(split, cells + 1024))
    if (left.length === 0) break
    cells += 1024
  }
  return cells
}

it('largest-context holds as much as the best of all contiguous splits, to the thousand', { timeout: 240_000 }, () => {
  const seen = new Set<number>()
  fc.assert(
    fc.property(inputs('largest-context', 1000), (input) => {
      const verdict = plan(input)
      const splits = allSplits(input.model, input.machine).filter(({ hostBlocks }) => hostBlocks === 0)
      const best = largestContext(input, splits)
      if (!verdict.fits || verdict.best.split.overrides.length > 0) return
      seen.add(best)
      expect(largestContext(input, [verdict.best.split])).toBe(best)
    }),
    { numRuns: 12, seed: 5 },
  )
  expect(seen.size).toBeGreaterThan(3)
})

it('fewest-devices uses as few as any contiguous split that fits', { timeout: 240_000 }, () => {
  const seen = new Set<number>()
  fc.assert(
    fc.property(inputs('fewest-devices', 780), (input) => {
      const verdict = plan(input)
      const fitting = allSplits(input.model, input.machine).filter(
        (split) => split.hostBlocks === 0 && judge({ ...input, split }).reasons.length === 0,
      )
      if (!verdict.fits || verdict.best.split.overrides.length > 0) {
        expect(fitting).toEqual([])
        return
      }
      const { length } = verdict.best.split.devices
      seen.add(length)
      expect(length).toBe(Math.min(...fitting.map(({ devices }) => devices.length)))
    }),
    { numRuns: 40, seed: 6 },
  )
  expect(seen.size).toBeGreaterThan(1)
})
