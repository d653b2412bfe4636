import { describe, expect, it } from 'vitest'
import type { GgmlType } from '../header/ggml-type.ts'
import { llamaModel } from '../placement/fixtures.ts'
import { layersByFlags } from '../placement/split.ts'
import { padTo, tokens } from '../units.ts'
import { estimateMemory, estimateStatic } from './estimate.ts'
import { expertOverrides } from './overrides.ts'
import { HOST } from './run-memory.ts'
import type { Run } from './run.ts'
import { type CacheType, requestDefaults, type RunSettings } from './settings.ts'

/** Llama 3 8B with every matrix in F16. */
const shape = {
  blocks: 32,
  embedding: 4096,
  feedForward: 14336,
  heads: 32,
  headsKv: 8,
  vocabulary: 128256,
  type: 'f16' as GgmlType,
}
const model = llamaModel(shape)
const settings: RunSettings = {
  ...requestDefaults,
  contextLength: tokens(8192),
  flashAttention: 'on',
  outputsMax: 0,
  pipelineAllowed: true,
}

const runOn = (deviceCount: number, change: Partial<RunSettings> = {}, gpuLayers = -1): Run => ({
  model,
  settings: { ...settings, ...change },
  layout: {
    splitMode: 'layer',
    deviceCount,
    layers: layersByFlags({
      layerCount: 33,
      gpuLayers,
      shares: Array.from({ length: deviceCount }, () => 1),
      deviceCount,
    }),
    overrides: [],
  },
})

describe('estimateStatic', () => {
  it.each<[CacheType, number]>([
    // 32 blocks × 8192 cells × 1024 elements × (K and V)
    ['f32', 32 * 8192 * 1024 * 4 * 2],
    ['f16', 32 * 8192 * 1024 * 2 * 2],
    ['q8_0', (32 * 8192 * 1024 * 34 * 2) / 32],
    ['q4_0', (32 * 8192 * 1024 * 18 * 2) / 32],
    ['q5_1', (32 * 8192 * 1024 * 24 * 2) / 32],
  ])('keeps %s keys and values in %d bytes', (cacheType, expected) => {
    const { devices } = estimateStatic(runOn(1, { cacheTypeK: cacheType, cacheTypeV: cacheType }))
    expect(devices[0]!.context).toBe(expected)
  })

  it('keeps token embeddings on the host and the rest on the device', () => {
    const { devices, host } = estimateStatic(runOn(1))
    expect(host.model).toBe(4096 * 128256 * 2)
    expect(devices[0]!.model + host.model).toBe(model.weightBytes)
  })

  it('loads tied embeddings twice', () => {
    const tied = llamaModel({ ...shape, tied: true })
    const whole = estimateStatic(runOn(1)).devices[0]!.model
    expect(estimateStatic({ ...runOn(1), model: tied }).devices[0]!.model).toBe(whole)
  })

  it('loads them once where the head reads the copy in host memory', () => {
    const tied = llamaModel({ ...shape, tied: true })
    const twice = estimateStatic({ ...runOn(1), model: tied })
    const once = estimateStatic({ ...runOn(1), model: { ...tied, tiedOutput: false } })
    expect(twice.devices[0]!.model - once.devices[0]!.model).toBe(4096 * 128256 * 2)
    expect(once.host.model).toBe(twice.host.model)
  })

  it('keeps ternary matrices in host memory, for which CUDA has no kernel', () => {
    const ternary = llamaModel({ ...shape, type: 'tq2_0' })
    const { devices, host } = estimateStatic({ ...runOn(1), model: ternary })
    // Two norms a block and the last one, all in F32.
    expect(devices[0]!.model).toBe((2 * 32 + 1) * 4096 * 4)
    expect(host.model + devices[0]!.model).toBe(ternary.weightBytes)
    const byTensor = {
      ...runOn(1),
      model: ternary,
      layout: { ...runOn(1).layout, overrides: expertOverrides(1, HOST) },
    }
    expect(estimateStatic(byTensor)).toEqual(estimateStatic({ ...runOn(1), model: ternary }))
  })

  it('moves the cache to the host when asked', () => {
    const { devices, host } = estimateStatic(runOn(2, { offloadKqv: false }))
    expect(devices.map((device) => device.context)).toEqual([0, 0])
    expect(host.context).toBe(32 * 8192 * 1024 * 2 * 2)
  })

  it('pads rows of quantized matrices to 512 columns on a device', () => {
    const narrow = llamaModel({
      blocks: 1,
      embedding: 256,
      feedForward: 512,
      heads: 4,
      headsKv: 4,
      vocabulary: 1000,
      type: 'q8_0',
    })
    const layout = { splitMode: 'layer', deviceCount: 1, layers: [0, 0], overrides: [] } as const
    const padded = estimateStatic({ model: narrow, settings, layout }).devices[0]!.model
    const onHost = estimateStatic({ model: narrow, settings, layout: { ...layout, layers: [HOST, HOST] } }).host.model
    const embeddings = (256 * 1000 * 34) / 32
    // Seven matrices have 256 columns: q, k, v, o, gate, up and the output.
    expect(padded - (onHost - embeddings)).toBe(7 * padTo((256 * 34) / 32, 128))
  })

  it('puts the experts of the first blocks on the host', () => {
    const moe = llamaModel({ ...shape, blocks: 4, feedForward: 1024, experts: 8 })
    const layers = Array.from({ length: 5 }, () => 0)
    const layout = { splitMode: 'layer', deviceCount: 1, layers, overrides: expertOverrides(2, HOST) } as const
    const expertBytes = 2 * 3 * 4096 * 1024 * 8 * 2
    expect(estimateStatic({ model: moe, settings, layout }).host.model).toBe(4096 * 128256 * 2 + expertBytes)
  })
})

describe('estimateMemory', () => {
  it('replays the buffers llama.cpp allocates for Llama 3 8B', () => {
    // Figures of llama.cpp 0.5.0-dev for this model: the logits of 512 rows and their hidden state, and host inputs.
    const { devices, host } = estimateMemory(runOn(1))
    expect(devices[0]!.compute).toBe(271_056_896)
    expect(host.compute).toBe(25_180_160)
    expect(host.output).toBe(128256 * 4)
  })

  it('reserves logits only for the slots of a server', () => {
    const { devices } = estimateMemory(runOn(1, { outputsMax: 1 }))
    expect(devices[0]!.compute).toBeLessThan(271_056_896)
  })

  it('copies inputs four times under pipeline parallelism', () => {
    const pipelined = estimateMemory(runOn(2))
    const plain = estimateMemory(runOn(2, { pipelineAllowed: false }))
    expect(pipelined.pipelineParallel).toBe(true)
    expect(pipelined.host.compute).toBeGreaterThan(2 * plain.host.compute)
  })

  it('is exact where it says so, and says when it is not', () => {
    expect(estimateMemory(runOn(1)).certainty).toEqual({ model: 'exact', context: 'exact', compute: 'exact' })
    const unknown = { ...model, described: false }
    const assumed = estimateMemory({ ...runOn(1), model: unknown })
    expect(assumed.certainty.compute).toBe('assumed')
    expect(assumed.devices[0]!.compute).toBeGreaterThan(estimateMemory(runOn(1)).devices[0]!.compute)
  })

  it('turns flash attention off where the architecture rules it out, and V is transposed', () => {
    const ruledOut = { ...model, withoutFlashAttention: true }
    expect(estimateMemory({ ...runOn(1), model: ruledOut })).toEqual(
      estimateMemory(runOn(1, { flashAttention: 'off' })),
    )
  })

  it('multiplies by ternary matrices on the host, however large the batch', () => {
    const ternary = llamaModel({ ...shape, blocks: 2, type: 'tq2_0' })
    const layout = { splitMode: 'layer', deviceCount: 1, layers: [0, 0, 0], overrides: [] } as const
    const { devices, host } = estimateMemory({ model: ternary, settings, layout })
    // Nothing is uploaded: what the device holds are activations and inputs.
    expect(devices[0]!.compute).toBeLessThan(host.compute)
  })

  it('turns flash attention off where a head size has no kernel', () => {
    const odd = llamaModel({ blocks: 2, embedding: 640, feedForward: 1024, heads: 4, headsKv: 4, vocabulary: 1000 })
    const layout = { splitMode: 'layer', deviceCount: 1, layers: [0, 0, 0], overrides: [] } as const
    const run = { model: odd, settings: { ...settings, flashAttention: 'auto' as const }, layout }
    expect(estimateMemory(run).flashAttention).toBe(false)
    expect(estimateMemory(runOn(1, { flashAttention: 'auto' })).flashAttention).toBe(true)
  })

  it.each([
    ['one device', 1, {}, -1],
    ['copies for a pipeline', 4, {}, -1],
    ['blocks on the host', 2, {}, 20],
    // Prompt and generation reserve the same graph then.
    ['one token at a time', 1, { ubatchSize: tokens(1), outputsMax: 1 }, -1],
  ] as const)('takes the same for `auto` as for what it comes to: %s', (_, deviceCount, change, gpuLayers) => {
    const decided = estimateMemory(runOn(deviceCount, change, gpuLayers))
    expect(estimateMemory(runOn(deviceCount, { ...change, flashAttention: 'auto' }, gpuLayers))).toEqual(decided)
    expect(decided.flashAttention).toBe(true)
  })
})
