import { describe, expect, it } from 'vitest'
import { deviceId } from '../ids.ts'
import { llama8b, llamaModel, machineOf } from '../placement/fixtures.ts'
import { outputDevice } from '../placement/layout.ts'
import { tokens } from '../units.ts'
import { estimateMemory, estimateStatic } from './estimate.ts'
import { loadedModel } from './loaded-model.ts'
import { overhead } from './overhead.ts'
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

describe('what the driver’s pool grows by', () => {
  const device = machineOf([{ gib: 8, architecture: '6.1' }]).devices[0]!
  const wide = llamaModel({ ...llama8b, blocks: 2, tied: true, type: 'f16', feedForward: 4096 })
  const poolAt = (ubatchSize: number): number => {
    const one = { ...onHost, ubatchSize: tokens(ubatchSize) }
    const { terms } = overhead({ device, model: wide, settings: one, flashAttention: false, holdsOutput: true })
    return terms.find(({ name }) => name === 'floating-point copies')!.bytes
  }

  // Where halves are slow, a matrix is converted whole: the output's as long as a device multiplies by it.
  it.each([
    [32, 128_256 * 4096 * 4],
    [31, 4096 * 4096 * 4],
  ])('with ubatches of %d tokens', (ubatchSize, largest) => {
    expect(poolAt(ubatchSize)).toBeGreaterThanOrEqual(largest)
    expect(poolAt(ubatchSize)).toBeLessThan(2 * largest)
  })

  it('is the first device’s, to which operations are offloaded', () => {
    const split = { devices: [2, 1].map((layers, at) => ({ device: deviceId(`gpu-${at}`), layers })) } as const
    const whole = { ...split, hostBlocks: 0, expertsOnHost: 0, overrides: [] }
    expect(outputDevice(whole, tied, onHost)).toBe(0)
    expect(outputDevice(whole, tied, settings)).toBe(1)
    expect(outputDevice(whole, llamaModel({ ...llama8b, blocks: 2 }), onHost)).toBe(1)
  })
})
