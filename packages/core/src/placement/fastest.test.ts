import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../engines/engine.ts'
import { engineOf, engines } from '../engines/index.ts'
import type { Device, Machine } from '../machine/machine.ts'
import { requestDefaults } from '../memory/settings.ts'
import { bytes, tokens } from '../units.ts'
import { allSplits } from './brute-force.ts'
import { llamaModel, machineOf } from './fixtures.ts'
import type { PlanInput } from './plan-input.ts'
import { judge, plan } from './plan.ts'
import { preferences } from './preferences/index.ts'
import type { LayerSplit, Placement } from './verdict.ts'

const cards = fc.record({
  mib: fc.integer({ min: 560, max: 1000 }),
  bandwidth: fc.constantFrom(undefined, 20e9, 200e9, 900e9),
  lanes: fc.constantFrom(1, 4, 16),
})
const machines = fc
  .record({
    cards: fc.array(cards, { minLength: 1, maxLength: 3 }),
    hostBandwidth: fc.constantFrom(20e9, 300e9),
    bonded: fc.boolean(),
  })
  .map(({ cards: few, hostBandwidth, bonded }): Machine => {
    const machine = machineOf(
      few.map(({ mib, bandwidth, lanes }) => ({
        gib: mib / 1024,
        changes: {
          pcie: { generationMax: 4, width: lanes },
          ...(bandwidth !== undefined && { memoryBandwidthBytesPerSecond: bandwidth }),
        } satisfies Partial<Device>,
      })),
      16,
    )
    const [one, two] = machine.devices
    const links = bonded && two ? [{ from: one!.id, to: two.id, kind: 'NV2' }] : []
    return { ...machine, links, hostMemoryBandwidthBytesPerSecond: hostBandwidth }
  })

const modelsOf = (tiedOnly: boolean) =>
  fc
    .record({
      blocks: fc.integer({ min: 2, max: 4 }),
      experts: fc.constantFrom(0, 0, 4),
      tied: tiedOnly ? fc.constant(true) : fc.boolean(),
    })
    .map(({ blocks, experts, tied }) =>
      llamaModel({
        blocks,
        embedding: 1024,
        feedForward: 4096,
        heads: 4,
        headsKv: 2,
        vocabulary: 32_000,
        type: 'q8_0',
        ...(experts > 0 && { experts, expertsUsed: 2 }),
        ...(tied && { tied }),
      }),
    )

const requests = fc.constantFrom('auto' as const, 'off' as const).map((flashAttention) => ({
  ...requestDefaults,
  contextLength: tokens(4096),
  margin: bytes(0),
  flashAttention,
}))

const inputsOf = (engine: Engine, tiedOnly: boolean) =>
  fc
    .record({ model: modelsOf(tiedOnly), machine: machines, request: requests })
    .map((drawn): PlanInput => ({ ...drawn, engine, preference: 'fastest' }))

const scoreOf = (input: PlanInput, placement: Placement): number =>
  preferences.fastest.score(placement, { input, headroomOf: () => 0 })

/** With all but a partial expert offload, and turning pipeline parallelism off, which are no splits. */
const isPlainSplit = ({ split, settings }: Placement): boolean => split.overrides.length === 0 && settings.offloadKqv

const splitsFor = ({ model, machine, engine }: PlanInput): readonly LayerSplit[] =>
  allSplits(model, machine).filter(({ expertsOnHost }) => expertsOnHost === 0 || engine.controls.expertsOnHost)

describe('the objective fastest', { timeout: 240_000 }, () => {
  it.each([
    ['llama.cpp', engines['llama.cpp'], false],
    // Multiplies by tied embeddings on the host, whatever device has the output layer.
    ['llamafile 0.8.14', engineOf('llamafile', '0.8.14')!, true],
  ] as const)('equals brute force over all contiguous splits, orders and shares of the host: %s', (_, engine, tied) => {
    const seen = { devices: 0, host: 0, none: 0 }
    fc.assert(
      fc.property(inputsOf(engine, tied), (input) => {
        let best = 0
        for (const split of splitsFor(input)) {
          const { placement, reasons } = judge({ ...input, split })
          if (reasons.length === 0) best = Math.max(best, scoreOf(input, placement!))
        }
        const verdict = plan(input)
        const score = verdict.fits ? scoreOf(input, verdict.best) : 0
        if (!verdict.fits) seen.none++
        else if (verdict.best.split.hostBlocks + verdict.best.split.expertsOnHost > 0) seen.host++
        else seen.devices++
        if (verdict.fits && !isPlainSplit(verdict.best)) expect(score).toBeGreaterThanOrEqual(best)
        else expect(score).toBe(best)
      }),
      { numRuns: 40, seed: 11 },
    )
    expect(Math.min(seen.devices, seen.host)).toBeGreaterThan(4)
  })
})
