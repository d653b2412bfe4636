import { describe, expect, it } from 'vitest'
import { engineOf } from '../engines/index.ts'
import type { Machine } from '../machine/machine.ts'
import { requestDefaults } from '../memory/settings.ts'
import { allSplits } from '../placement/brute-force.ts'
import { llamaModel, machineOf, mixture, type ModelShape } from '../placement/fixtures.ts'
import { judge } from '../placement/plan.ts'
import type { EngineId } from '../placement/verdict.ts'
import { tokens } from '../units.ts'
import { generationSeconds } from './layer-seconds.ts'
import { secondsPerToken } from './speed.ts'

const card = (bandwidth: number, lanes: number) => ({
  gib: 24,
  changes: { memoryBandwidthBytesPerSecond: bandwidth, pcie: { generationMax: 4, width: lanes } },
})
const three = machineOf([card(300e9, 16), card(900e9, 4), card(600e9, 1)], 64)
const machine: Machine = {
  ...three,
  links: [{ from: three.devices[0]!.id, to: three.devices[2]!.id, kind: 'NV4' }],
  hostMemoryBandwidthBytesPerSecond: 90e9,
}
/** The same cards behind RPC servers, whose inputs and logits cross the network. */
const remote: Machine = {
  ...machine,
  devices: machine.devices.map((device) => ({ ...device, backend: 'rpc' })),
  networkInterfaces: [{ name: 'eno1', bitsPerSecond: 2.5e9 }],
}
const small: ModelShape = { ...mixture, blocks: 3, embedding: 1024, feedForward: 2048, heads: 8, headsKv: 2 }

describe('generationSeconds', () => {
  it.each([
    ['experts', 'llama.cpp', {}, {}, machine],
    ['no experts, the embeddings as the head', 'llama.cpp', { experts: 0, tied: true }, {}, machine],
    ['no flash attention', 'llama.cpp', {}, { flashAttention: 'off' }, machine],
    ['the cache on the host', 'llama.cpp', {}, { offloadKqv: false, flashAttention: 'off' }, machine],
    // Multiplies by the embeddings where they lie, on the host, whatever has the output layer.
    ['the embeddings as a head on the host', 'llamafile 0.8.14', { experts: 0, tied: true }, {}, machine],
    ['experts, and such a head', 'llamafile 0.8.14', { tied: true }, {}, machine],
    ['RPC servers', 'llama.cpp', {}, {}, remote],
    ['RPC servers, the embeddings as the head', 'llama.cpp', { experts: 0, tied: true }, {}, remote],
    ['RPC servers, the head on the host', 'llamafile 0.8.14', { tied: true }, {}, remote],
  ] as const)('adds up to the seconds of a token of any contiguous split: %s', (_, name, shape, change, on) => {
    const model = llamaModel({ ...small, ...shape })
    const [id, version] = name.split(' ')
    const engine = engineOf(id as EngineId, version)!
    const request = { ...requestDefaults, contextLength: tokens(4096), ...change }
    const splits = allSplits(model, on)
    expect(splits.length).toBeGreaterThan(50)
    const settings = engine.settings(request, model)
    const { devices } = on
    const { whole, withoutExperts, hop, fromHost, lastSender, lastReceiver } = generationSeconds({
      model,
      machine: on,
      settings,
      flashAttention: settings.flashAttention !== 'off',
      devices,
    })
    for (const split of splits) {
      const { placement } = judge({ model, machine: on, engine, request, split })
      let seconds = whole.hostAlways
      const places = [
        ...Array.from({ length: split.hostBlocks }, () => -1),
        ...split.devices.flatMap(({ device, layers }) =>
          Array.from({ length: layers }, () => devices.findIndex(({ id }) => id === device)),
        ),
      ]
      places.forEach((place, il) => {
        const isPart = il < split.expertsOnHost
        if (place === -1) seconds += whole.host[il]!
        else
          seconds +=
            (isPart ? withoutExperts : whole).devices[place]![il]! + (isPart ? withoutExperts.hostBeside[il]! : 0)
        const next = places[il + 1]
        if (next === undefined || next === place || il > lastSender || il + 1 > lastReceiver) return
        seconds += place === -1 ? fromHost[next]! : hop(place, next)
      })
      const expected = secondsPerToken({ placement: placement!, model, machine: on })
      expect(Math.abs(seconds / expected - 1)).toBeLessThan(1e-12)
    }
  })
})
