import { describe, expect, it } from 'vitest'
import { engines } from '../engines/index.ts'
import type { Machine } from '../machine/machine.ts'
import { requestDefaults } from '../memory/settings.ts'
import { tokens } from '../units.ts'
import { llama8b, llamaModel, machineOf } from './fixtures.ts'
import { judge } from './plan.ts'
import type { LayerSplit } from './verdict.ts'
import { placementWarnings } from './warnings.ts'

const model = llamaModel(llama8b)
const engine = engines['llama.cpp']
const request = { ...requestDefaults, contextLength: tokens(4096) }
const slow = { pcie: { generationMax: 4, width: 4, widthMax: 16 }, displayAttached: true } as const

/** Three slow cards; the first two are joined over another socket, and P2P is off. */
const lab: Machine = (() => {
  const machine = machineOf(
    [0, 1, 2].map(() => ({ gib: 24, changes: { ...slow, powerLimitWatts: 200, powerDefaultWatts: 350 } })),
    64,
  )
  const [one, two, three] = machine.devices.map(({ id }) => id)
  return {
    ...machine,
    links: [
      { from: one!, to: two!, kind: 'SYS', peerAccess: 'CNS' },
      { from: one!, to: three!, kind: 'NODE', peerAccess: 'NS' },
    ],
  }
})()
const remote: Machine = { ...lab, links: [], devices: lab.devices.map((device) => ({ ...device, backend: 'rpc' })) }

const split = (change: Partial<LayerSplit>, ...layers: readonly number[]): LayerSplit => ({
  devices: layers.map((count, at) => ({ device: lab.devices[at]!.id, layers: count })),
  hostBlocks: 0,
  expertsOnHost: 0,
  overrides: [],
  ...change,
})

const codesOf = (machine: Machine, asked: LayerSplit, change: Partial<typeof request> = {}): readonly string[] => {
  const { placement } = judge({ model, machine, engine, request: { ...request, ...change }, split: asked })
  return placementWarnings(placement!, machine).map((warning) =>
    [warning.code, ...('device' in warning ? [warning.device] : [])].join(' '),
  )
}

describe('placementWarnings', () => {
  it.each<readonly [string, Machine, LayerSplit, readonly string[]]>([
    ['a model that lies whole on one card', lab, split({}, 33), ['power-capped gpu-0']],
    [
      'layers over two: their slots, and neither P2P nor the path',
      lab,
      split({}, 17, 16),
      ['slot-narrower gpu-0', 'power-capped gpu-0', 'slot-narrower gpu-1', 'power-capped gpu-1'],
    ],
    ['blocks on the host', lab, split({ hostBlocks: 16 }, 17), ['slot-narrower gpu-0', 'power-capped gpu-0']],
    ['no card at all', lab, split({ hostBlocks: 32 }), []],
    [
      'split mode tensor, of the cards in use only',
      lab,
      split({ tensor: true }, 17, 16),
      [
        'slot-narrower gpu-0',
        'power-capped gpu-0',
        'slot-narrower gpu-1',
        'power-capped gpu-1',
        'peer-access-off',
        'far-path',
      ],
    ],
    ['an RPC server', remote, split({}, 33), ['power-capped gpu-0', 'network-unknown']],
    [
      'an RPC server on a slow network',
      { ...remote, networkInterfaces: [{ name: 'eno1', bitsPerSecond: 1e9 }] },
      split({}, 33),
      ['power-capped gpu-0', 'network-slow'],
    ],
  ])('%s', (_, machine, asked, codes) => expect(codesOf(machine, asked)).toEqual(codes))

  it('counts the cache on the host as work over the slot', () =>
    expect(codesOf(lab, split({}, 33), { offloadKqv: false })).toEqual(['slot-narrower gpu-0', 'power-capped gpu-0']))
})
