import { describe, expect, it } from 'vitest'
import { engines } from '../../engines/index.ts'
import { requestDefaults } from '../../memory/settings.ts'
import { GIB, gibibytes, tokens } from '../../units.ts'
import { llama8b, llamaModel, machineOf, mixture } from '../fixtures.ts'
import { occupiedBy, type Tenant } from '../plan-input.ts'
import { judge, plan } from '../plan.ts'
import type { LayerSplit, Placement } from '../verdict.ts'
import { type PreferenceId, preferences } from './index.ts'
import { tightestHeadroom } from '../rank.ts'

const request = { ...requestDefaults, contextLength: tokens(4096) }
const machine = machineOf([{ gib: 24 }, { gib: 24, changes: { memoryBandwidthBytesPerSecond: 900e9 } }], 256)

function placed(split: Partial<LayerSplit>, model = llamaModel(llama8b)): Placement {
  const whole = { devices: [], hostBlocks: 0, expertsOnHost: 0, overrides: [], ...split }
  const { placement } = judge({ model, machine, engine: engines['llama.cpp'], request, split: whole })
  if (!placement) throw new Error('counts')
  return placement
}

const on = (...counts: readonly number[]): Partial<LayerSplit> => ({
  devices: counts.map((layers, at) => ({ device: machine.devices[at]!.id, layers })),
})

const score = (id: PreferenceId, placement: Placement, model = llamaModel(llama8b)): number =>
  preferences[id].score(placement, {
    input: { model, machine, engine: engines['llama.cpp'], request },
    headroomOf: () => 0,
  })

describe('preferences', () => {
  it.each(Object.keys(preferences) as readonly PreferenceId[])('%s scores from 0 to 1', (id) => {
    for (const placement of [placed(on(33)), placed(on(17, 16)), placed({ ...on(10), hostBlocks: 23 })]) {
      expect(score(id, placement)).toBeGreaterThanOrEqual(0)
      expect(score(id, placement)).toBeLessThanOrEqual(1)
    }
  })

  it('headroom is what the tightest device keeps, of the largest', () => {
    const placement = placed(on(20, 13))
    const tightest = Math.min(...placement.memory.slice(0, 2).map(({ headroom }) => headroom))
    expect(score('headroom', placement)).toBeCloseTo(tightest / gibibytes(24), 12)
    expect(score('headroom', placed(on(17, 16)))).toBeGreaterThan(score('headroom', placed(on(33))))
  })

  it('fewest-devices puts one before two', () => {
    expect(score('fewest-devices', placed(on(33)))).toBeGreaterThan(score('fewest-devices', placed(on(17, 16))))
  })

  it('fastest puts devices before the host, and the faster device before the slower', () => {
    const slow = placed(on(33))
    const fast = placed(on(0, 33))
    expect(score('fastest', fast)).toBeGreaterThan(score('fastest', slow))
    expect(score('fastest', slow)).toBeGreaterThan(score('fastest', placed({ ...on(13), hostBlocks: 20 })))
  })

  it('fastest reads only the experts in use', () => {
    const model = llamaModel(mixture)
    const all = llamaModel({ ...mixture, expertsUsed: 8 })
    expect(score('fastest', placed(on(17, 16), model), model)).toBeGreaterThan(
      score('fastest', placed(on(17, 16), all), all),
    )
  })

  it('largest-context asks how far the same split could go', () => {
    const small = machineOf([{ gib: 8 }, { gib: 8 }])
    const input = { model: llamaModel(llama8b), machine: small, engine: engines['llama.cpp'], request } as const
    const verdict = plan({ ...input, preference: 'largest-context' })
    if (!verdict.fits) throw new Error('does not fit')
    const share = preferences['largest-context'].score(verdict.best, { input, headroomOf: () => 0 })
    const cells = Math.round((share * input.model.contextLengthTrained) / 256)
    const at = (count: number): number =>
      judge({ ...input, request: { ...request, contextLength: tokens(count * 256) }, split: verdict.best.split })
        .reasons.length
    expect([at(cells), at(cells + 1)]).toEqual([0, 1])
  })

  it('room-for-another leaves the second model the most', () => {
    const model = llamaModel(llama8b)
    const other = { model, engine: engines['llama.cpp'], request: { ...request, contextLength: tokens(65_536) } }
    const sizeFor = (tenant: Tenant): number => {
      const verdict = plan({ ...tenant, machine: machineOf([{ gib: 64 }]) })
      if (!verdict.fits) throw new Error('does not fit')
      return (verdict.best.memory[0]!.required + request.margin) / GIB + 1 / 16
    }
    // The small card has room for the model as asked, the large one for its long context, and little more.
    const unequal = machineOf([{ gib: sizeFor(other) }, { gib: sizeFor({ ...other, request }) }])
    const input = { model, machine: unequal, engine: engines['llama.cpp'], request } as const
    const leftFor = (preference: PreferenceId): number => {
      const verdict = plan({ ...input, preference, other })
      if (!verdict.fits) throw new Error('does not fit')
      const then = plan({ ...other, machine: unequal, ...occupiedBy([verdict.best], input) })
      return tightestHeadroom(then.fits ? then.best : then.nearest!)
    }
    expect(leftFor('room-for-another')).toBeGreaterThanOrEqual(0)
    // The widest split takes the card that the second model needs.
    expect(leftFor('headroom')).toBeLessThan(0)
  })
})
