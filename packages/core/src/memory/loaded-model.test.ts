import { describe, expect, it } from 'vitest'
import { llama8b, llamaModel } from '../placement/fixtures.ts'
import { tokens } from '../units.ts'
import { estimateMemory, estimateStatic } from './estimate.ts'
import { loadedModel } from './loaded-model.ts'
import type { Run } from './run.ts'
import { requestDefaults, type RunSettings } from './settings.ts'

const tied = llamaModel({ ...llama8b, blocks: 2, tied: true, type: 'f16' })
const settings: RunSettings = {
  ...requestDefaults,
  ...{ contextLength: tokens(2048), flashAttention: 'off', outputsMax: 0, pipelineAllowed: true },
}
const onHost: RunSettings = { ...settings, tiedOutputOnHost: true }
const runWith = (change: Partial<RunSettings> = {}): Run => ({
  model: tied,
  settings: { ...onHost, ...change },
  layout: { splitMode: 'none', deviceCount: 1, layers: [0, 0, 0], overrides: [] },
})
const matrix = 128_256 * 4096 * 2

describe('loadedModel', () => {
  it('is one object a model, and the model itself where nothing changes', () => {
    expect(loadedModel(tied, settings)).toBe(tied)
    const loaded = loadedModel(tied, onHost)
    expect(loaded).toEqual({ ...tied, tiedOutput: false })
    expect(loadedModel(tied, onHost)).toBe(loaded)
    expect(loadedModel(loaded, onHost)).toBe(loaded)
    const own = llamaModel({ ...llama8b, blocks: 2 })
    expect(loadedModel(own, onHost)).toBe(own)
  })
})

describe('a tied output matrix that stays in host memory', () => {
  it('is loaded once', () => {
    const [copied, single] = [settings, onHost].map((one) => estimateStatic({ ...runWith(), settings: one }))
    expect(copied!.devices[0]!.model - single!.devices[0]!.model).toBe(matrix)
    expect(copied!.host.model).toBe(single!.host.model)
  })

  // Batches of 32 tokens are worth the upload (`GGML_OP_OFFLOAD_MIN_BATCH`); the host multiplies smaller ones.
  it.each([
    [512, { compute: matrix + 128_256 * 512 * 4 + 4096 * 512 * 4 }],
    [32, { compute: matrix + 128_256 * 32 * 4 + 4096 * 32 * 4 }],
    [31, { compute: expect.toSatisfy((compute: number) => compute < 2 ** 24) }],
  ])('is uploaded for the logits of %d tokens', (ubatchSize, expected) => {
    expect(estimateMemory(runWith({ ubatchSize: tokens(ubatchSize) })).devices[0]).toMatchObject(expected)
  })

  it('stays where it is when nothing is offloaded of what lies on the host', () => {
    expect(estimateMemory(runWith({ opOffload: false })).devices[0]!.compute).toBeLessThan(matrix)
  })
})
