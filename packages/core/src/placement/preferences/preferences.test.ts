import { describe, expect, it } from 'vitest'
import { engines } from '../../engines/index.ts'
import { requestDefaults } from '../../memory/settings.ts'
import { gibibytes, tokens } from '../../units.ts'
import { llama8b, llamaModel, machineOf, mixture } from '../fixtures.ts'
import { judge } from '../plan.ts'
import type { LayerSplit, Placement } from '../verdict.ts'
import { type PreferenceId, preferences } from './index.ts'

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
  preferences[id].score(placement, { model, machine })

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
})
