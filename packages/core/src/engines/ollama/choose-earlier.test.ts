import { describe, expect, it } from 'vitest'
import { HOST } from '../../memory/run-memory.ts'
import { requestDefaults, type RunRequest } from '../../memory/settings.ts'
import { bytes, GIB, gibibytes, tokens } from '../../units.ts'
import type { SeenDevice } from '../engine.ts'
import { placeEarlier } from './choose-earlier.ts'
import { estimateAccount, estimatedAndNeeded } from './estimate-account.ts'
import { printedProcessor, printedSize } from './explain-estimate.ts'
import { llama33, seen } from './fixtures.ts'
import { ollamaEarlier } from './ollama-earlier.ts'
import { placeRun } from './place-run.ts'
import { ollama } from './ollama.ts'

const request = (changes: Partial<RunRequest>): RunRequest => ({ ...requestDefaults, margin: bytes(0), ...changes })
const placedOn = (devices: readonly SeenDevice[], changes: Partial<RunRequest>, numGpu?: number) =>
  placeEarlier({ model: llama33, settings: ollamaEarlier.settings(request(changes), llama33), devices }, numGpu)
const runsOf = (layers: readonly number[]): readonly string[] => {
  const runs: { place: number; count: number }[] = []
  for (const place of layers) {
    if (runs.at(-1)?.place === place) runs.at(-1)!.count += 1
    else runs.push({ place, count: 1 })
  }
  return runs.map(({ place, count }) => `${count} on ${place === HOST ? 'host' : place}`)
}

describe('where the layers come to lie', () => {
  it('whole on one GPU that has room, and the others are not seen', () => {
    const { layout } = placedOn(seen([24, 48, 24]), { contextLength: tokens(8192) }).choice
    expect([runsOf(layout.layers), layout.splitMode, layout.deviceCount]).toEqual([['81 on 1'], 'none', 3])
  })

  it('over all GPUs, the roomiest with the first layers', () => {
    const { layout, outcome } = { ...placedOn(seen([24, 30]), { contextLength: tokens(8192) }).choice }
    expect([runsOf(layout.layers), layout.splitMode, outcome]).toEqual([['41 on 1', '40 on 0'], 'layer', 'unchanged'])
  })

  it('last blocks on the GPUs where not all have room, in the order in which the GPUs were found', () => {
    const { layout, outcome } = placedOn(seen([8, 12]), { contextLength: tokens(2048) }).choice
    expect([runsOf(layout.layers), outcome]).toEqual([['49 on host', '12 on 0', '20 on 1'], 'fitted'])
  })

  it('on the host where no GPU has room for a graph and two layers', () => {
    const { layout } = placedOn(seen([2, 2]), { contextLength: tokens(2048) }).choice
    expect(runsOf(layout.layers)).toEqual(['81 on host'])
  })

  it('where num_gpu puts them, in the proportions of what was thought to fit', () => {
    const { layout } = placedOn(seen([16, 12]), { contextLength: tokens(2048) }, 50).choice
    expect(runsOf(layout.layers)).toEqual(['31 on host', '30 on 0', '20 on 1'])
  })

  it('with a cache of f16 where a quantized one is asked for without flash attention', () => {
    const sizes = (['q8_0', 'f16'] as const).map((cacheTypeK) => {
      const settings = { ...ollamaEarlier.settings(request({ contextLength: tokens(8192) }), llama33), cacheTypeK }
      return placeEarlier({ model: llama33, settings, devices: seen([80]) }).schedule.chosen.estimate.total
    })
    expect(sizes[0]).toBe(sizes[1])
  })

  it('with 4096 tokens a slot where no context was asked for', () => {
    const settings = { ...ollamaEarlier.settings(request({ parallel: 2 }), llama33), contextLength: tokens(0) }
    const { choice } = placeEarlier({ model: llama33, settings, devices: seen([48]) })
    expect(choice.settings.contextLength).toBe(8192)
  })
})

/** What is shown of 42 GB, what the layers need where they lie, and what the current version makes of the same cards. */
describe('a file of 42 GB, github.com/ollama/ollama/issues/9471', () => {
  const gib = (size: number): number => Number((size / GIB).toFixed(2))
  const asked = (contextLength: number): Partial<RunRequest> => ({
    contextLength: tokens(contextLength),
    flashAttention: 'on',
  })

  function told(devices: readonly SeenDevice[], changes: Partial<RunRequest>) {
    const placed = placedOn(devices, changes)
    const account = estimateAccount(placed.schedule.chosen.estimate)
    const margin = gibibytes(1)
    const settings = ollama.settings({ ...request(changes), margin }, llama33)
    const now = placeRun({ model: llama33, settings, devices }).choice
    return {
      shown: `${printedSize(account.size)} ${printedProcessor(account)}`,
      layers: placed.schedule.chosen.estimate.gpus.map(({ layers }) => layers),
      gpus: estimatedAndNeeded(placed, llama33, devices).map(({ estimated, needed, unused }) =>
        [estimated, needed, unused].map(gib),
      ),
      now: runsOf(now.layout.layers),
    }
  }

  it('four cards of 16 GiB: 60.9 GB shown, 45.5 GiB needed, 4 to 5 GB unused on each', () => {
    expect(told(seen([16, 16, 16, 16], [15.6, 15.6, 15.6, 15.6]), asked(16_384))).toEqual({
      shown: '60 GB 100% GPU',
      layers: [21, 20, 20, 20],
      gpus: [
        [14.79, 11.91, 3.69],
        [13.99, 10.97, 4.63],
        [13.99, 10.97, 4.63],
        [13.99, 11.66, 3.94],
      ],
      now: ['21 on 0', '20 on 1', '20 on 2', '20 on 3'],
    })
  })

  it('cards of 12, 12 and 10 GiB: 61 GB and 44%/56% shown, 7.5 and 7.9 GiB in use on the larger', () => {
    // The thread's own cards of 12 GiB had 7,400 and 8,072 MiB in use, the driver's share among them.
    expect(told(seen([12, 12, 10], [11.72, 11.72, 9.75]), asked(20_480))).toEqual({
      shown: '61 GB 44%/56% CPU/GPU',
      layers: [13, 14, 11],
      gpus: [
        [11.32, 7.5, 4.22],
        [11.27, 7.89, 3.83],
        [9.69, 6.91, 2.84],
      ],
      now: ['30 on host', '18 on 0', '19 on 1', '14 on 2'],
    })
  })

  it('two cards, the roomier with the first layers: each figure with its own card', () => {
    const { gpus, layers } = told(seen([24, 30]), asked(8192))
    const [smaller, roomier] = gpus
    expect([layers, smaller![0]! < roomier![0]!, smaller![2]! + smaller![1]!, roomier![2]! + roomier![1]!]).toEqual([
      ...[[41, 40], true, 24, 30],
    ])
  })

  it('four cards of 12 GiB: layers are left to the processor for a graph that nobody allocates', () => {
    expect(told(seen([12, 12, 12, 12], [11.72, 11.72, 11.72, 11.72]), asked(16_384))).toEqual({
      shown: '61 GB 21%/79% CPU/GPU',
      layers: [15, 15, 15, 15],
      gpus: [
        [11.25, 8.3, 3.42],
        [11.25, 8.17, 3.55],
        [11.2, 8.17, 3.55],
        [11.2, 8.92, 2.8],
      ],
      now: ['6 on host', '19 on 0', '19 on 1', '19 on 2', '18 on 3'],
    })
  })
})
