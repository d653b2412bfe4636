import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytes, gibibytes, mebibytes, MIB } from '../../units.ts'
import { estimateAccount } from './estimate-account.ts'
import { estimateGpuLayers, type EstimateRequest, type OllamaGpu } from './estimate-gpu-layers.ts'
import { explainEstimate, printedSize } from './explain-estimate.ts'
import { cards, estimateDefaults, llama33 } from './fixtures.ts'
import { ollamaFacts } from './gguf-facts.ts'

const facts = ollamaFacts(llama33)
const estimate = (gpus: readonly OllamaGpu[], changes: Partial<EstimateRequest> = {}) =>
  estimateGpuLayers(facts, gpus, { ...estimateDefaults, ...changes })
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

describe('Llama 3.3 70B Q4_K_M', () => {
  it('is 42 GB in a list', () => {
    expect([llama33.weightBytes, printedSize(llama33.weightBytes)]).toEqual([42_512_531_712, '42 GB'])
  })

  it.each<
    readonly [count: number, gib: number, context: number, gb: string, layers: number, cpu: number, graph: number]
  >([
    [1, 48, 2048, '44.0', 81, 0, 324],
    [1, 48, 8192, '46.8', 81, 0, 1104],
    [1, 48, 32_768, '58.4', 71, 12, 4356],
    // A card of 48 GB rarely has more free than this.
    [1, 47.5, 32_768, '58.4', 70, 13, 4356],
    [2, 24, 8192, '49.1', 81, 0, 1140],
    [4, 24, 8192, '53.6', 81, 0, 1140],
    [4, 16, 16_384, '60.9', 81, 0, 2212],
    [4, 24, 16_384, '60.9', 81, 0, 2212],
    [8, 12, 2048, '60.1', 81, 0, 1104],
    [8, 24, 2048, '60.1', 81, 0, 1104],
    [8, 12, 8192, '62.6', 81, 0, 1140],
    [4, 24, 32_768, '75.6', 81, 0, 4356],
    [8, 24, 32_768, '98.5', 81, 0, 4356],
  ])('on %d of %d GiB at %d tokens is shown as %s GB', (...row) => {
    const [count, gib, contextLength, gb, layers, cpu, graph] = row
    const found = estimate(cards(count, gib), { contextLength })
    const { size, cpuPercent } = estimateAccount(found)
    expect([(size / 1e9).toFixed(1), found.layers, cpuPercent]).toEqual([gb, layers, cpu])
    expect(Math.round(found.gpus[0]!.parts.graph / MIB)).toBe(graph)
  })

  it('takes four slots of 2048 for one of 8192', () => {
    const slots = estimate(cards(8, 24), { contextLength: 8192, parallel: 4 })
    expect(slots).toEqual(estimate(cards(8, 24), { contextLength: 8192 }))
  })

  it('is explained to the last GB on four cards of 16 GiB', () => {
    const account = estimateAccount(estimate(cards(4, 16), { contextLength: 16_384 }))
    expect(sum(account.terms.map((term) => term.bytes))).toBe(account.size)
    expect(explainEstimate(account)).toEqual([
      '38.24 GiB: weights of the blocks on the GPUs',
      '5.00 GiB: KV cache of these blocks',
      '822 MiB: the output layer',
      '8.64 GiB: compute graph, counted once for every GPU that holds a layer (4 × 2,212 MiB)',
      '1.79 GiB: kept for the driver on every GPU that takes part (4 × 457 MiB)',
      '2.28 GiB: one layer more, kept free on every GPU that takes part (4 × 583 MiB)',
      '56.75 GiB: shown as 60 GB, 100% GPU',
    ])
  })

  it('prints 61 GB and 44%/56% with 12, 12 and 10 GB at 20,480 tokens, as a thread of March 2025 has it', () => {
    // The thread names two cards of 12 GB, neither a third nor the context: one way to come to its line.
    const gpus = [11.72, 11.72, 9.75].map((gib) => ({ free: gibibytes(gib), backend: 'cuda' as const }))
    expect(explainEstimate(estimateAccount(estimate(gpus, { contextLength: 20_480 }))).at(-1)).toBe(
      '57.64 GiB: shown as 61 GB, 44%/56% CPU/GPU',
    )
  })
})

describe('what counts', () => {
  it('a projector on the first GPU, and no less than 2048 tokens beside it', () => {
    const projector = { weights: mebibytes(800), graph: mebibytes(200) }
    const found = estimate(cards(2, 48), { contextLength: 512, projector })
    expect(found.gpus.map(({ parts }) => parts.projector)).toEqual([mebibytes(1000), 0])
    const without = estimate(cards(2, 48), { contextLength: 2048 })
    expect(found.total).toBe(without.total + mebibytes(1000))
  })

  it('an overhead for every GPU, as if less were free', () => {
    const gpuOverhead = gibibytes(4)
    expect(estimate(cards(4, 16), { gpuOverhead })).toEqual(estimate(cards(4, 12)))
  })

  it('half the cache for q8_0 and a quarter for q4_0', () => {
    const cacheOf = (cacheType: EstimateRequest['cacheType']): number =>
      sum(estimate(cards(1, 80), { contextLength: 8192, cacheType }).gpus.map(({ parts }) => parts.cache))
    expect([cacheOf('f16'), cacheOf('q8_0'), cacheOf('q4_0')]).toEqual([2.5, 1.25, 0.625].map(gibibytes))
  })

  it('the graph of a whole load for one GPU, of a part of it for several, and with Metal always the former', () => {
    const one = estimate(cards(1, 80), { contextLength: 8192 })
    const two = estimate(cards(2, 80), { contextLength: 8192 })
    const metal = estimate([{ free: gibibytes(80), backend: 'metal' }], { contextLength: 8192 })
    expect(
      [one.graph, two.graph, metal.graph].map(({ full, partial }) => [full / MIB, partial / MIB].map(Math.round)),
    ).toEqual([
      [1104, 1140],
      [1140, 1140],
      [1104, 1104],
    ])
    expect(metal.gpus[0]!.parts.minimum).toBe(mebibytes(512))
  })

  it('no more layers than num_gpu, the output layer being one', () => {
    const layersOf = (numGpu: number) => estimate(cards(2, 48), { numGpu }).gpus.map(({ layers }) => layers)
    expect([layersOf(10), layersOf(80), layersOf(81), layersOf(999)]).toEqual([
      [5, 5],
      [40, 40],
      [41, 40],
      [41, 40],
    ])
  })

  it('a card that is too small for a graph and two layers as none', () => {
    const gpus = [...cards(1, 24), ...cards(1, 2), ...cards(1, 24)]
    expect(estimate(gpus).gpus.map(({ layers }) => layers)).toEqual([41, 0, 40])
  })

  it('a card with room for a graph and a layer as none: a second layer has to fit', () => {
    const { minimum, spareLayer, graph } = estimate(cards(2, 24)).gpus[0]!.parts
    const atOneLayer = (extra: number) => {
      const free = bytes(minimum + spareLayer + graph + extra)
      return estimate([{ free, backend: 'cuda' }, ...cards(1, 48)]).gpus[0]!.bytes
    }
    expect([atOneLayer(spareLayer - 1), atOneLayer(spareLayer)]).toEqual([0, minimum + spareLayer])
  })

  it('a card that has run full as none for the rest of the blocks', () => {
    const gpus = [...cards(1, 8), ...cards(1, 48)]
    const layers = estimate(gpus).gpus.map((gpu) => gpu.layers)
    expect(sum(layers)).toBe(81)
    expect(layers[0]).toBe(12)
  })

  it('nothing as VRAM where no layer fits, though a size is shown', () => {
    const found = estimate(cards(2, 1))
    expect([found.layers, found.vram]).toEqual([0, 0])
    expect(explainEstimate(estimateAccount(found)).at(-1)).toBe('41.96 GiB: shown as 45 GB, 100% CPU')
  })
})

it('adds up, whatever the cards', () => {
  const gpu = fc.record({
    free: fc.integer({ min: 0, max: 2 ** 36 }).map(bytes),
    backend: fc.constant('cuda' as const),
  })
  const request = fc.record({
    contextLength: fc.integer({ min: 1, max: 200_000 }),
    numGpu: fc.integer({ min: -1, max: 100 }),
  })
  fc.assert(
    fc.property(fc.array(gpu, { minLength: 1, maxLength: 6 }), request, (gpus, changes) => {
      const found = estimate(gpus, changes)
      const account = estimateAccount(found)
      expect(sum(account.terms.map((term) => term.bytes))).toBe(found.total)
      expect(found.layers).toBe(sum(found.gpus.map(({ layers }) => layers)))
      expect(found.layers).toBeLessThanOrEqual(facts.blockCount + 1)
      for (const [at, { layers, bytes: used }] of found.gpus.entries()) {
        if (layers > 0) expect(used).toBeLessThan(gpus[at]!.free)
      }
    }),
    { numRuns: 200 },
  )
})
