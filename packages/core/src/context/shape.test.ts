import { describe, expect, it } from 'vitest'
import { requestDefaults } from '../memory/settings.ts'
import { llamaModel } from '../placement/fixtures.ts'
import { tokens } from '../units.ts'
import { contextShape } from './shape.ts'

const model = llamaModel({
  blocks: 2,
  embedding: 256,
  feedForward: 512,
  heads: 4,
  headsKv: 2,
  vocabulary: 1000,
  trained: 40960,
})
const settings = { ...requestDefaults, outputsMax: 0, pipelineAllowed: true }
const shapeOf = (change: Partial<typeof settings>, window = 0) =>
  contextShape({ ...model, slidingWindow: window }, { ...settings, ...change })

describe('contextShape', () => {
  it('asks for what the model was trained for when nothing is given', () => {
    expect(shapeOf({}).contextLength).toBe(40960)
  })

  it('pads to 256 cells, but caps the batch before', () => {
    expect(shapeOf({ contextLength: tokens(300) })).toMatchObject({
      contextLength: 512,
      batchSize: 300,
      ubatchSize: 300,
    })
  })

  it('shares the context out among slots, each padded, so that it may grow', () => {
    const shape = shapeOf({ contextLength: tokens(6000), parallel: 4 })
    expect(shape).toMatchObject({ contextPerSequence: 1536, contextLength: 6144, streams: 4 })
  })

  it('caps the batch of causal attention alone', () => {
    const settingsOfAll = { ...settings, contextLength: tokens(300), batchSize: tokens(2048), ubatchSize: tokens(512) }
    expect(contextShape({ ...model, causal: false }, settingsOfAll)).toMatchObject({
      contextLength: 512,
      batchSize: 2048,
      ubatchSize: 512,
    })
  })

  it('has one stream without a cache, however many sequences', () => {
    const shape = contextShape({ ...model, withoutCache: true }, { ...settings, parallel: 4 })
    expect(shape).toMatchObject({ sequences: 4, streams: 1, contextPerSequence: 10240 })
  })

  it('keeps one stream when unified', () => {
    expect(shapeOf({ contextLength: tokens(6000), parallel: 4, kvUnified: true })).toMatchObject({
      contextPerSequence: 6144,
      contextLength: 6144,
      streams: 1,
    })
  })

  it('reserves as many output rows as a batch may ask for', () => {
    expect(shapeOf({ contextLength: tokens(8192) }).promptOutputs).toBe(512)
    expect(shapeOf({ contextLength: tokens(8192), outputsMax: 4 }).promptOutputs).toBe(4)
  })

  it.each([
    // window + ubatch, padded; with a unified cache every slot's window.
    [{ contextLength: tokens(32768) }, 4096, 4608],
    [{ contextLength: tokens(32768), ubatchSize: tokens(2048) }, 4096, 6144],
    [{ contextLength: tokens(2048) }, 4096, 2048],
    [{ contextLength: tokens(32768), parallel: 4, kvUnified: true }, 1024, 4608],
    [{ contextLength: tokens(32768), swaFull: true }, 4096, 32768],
  ])('%o with a window of %d keeps %d cells', (change, window, cells) => {
    expect(shapeOf(change, window).windowCells).toBe(cells)
  })

  it('rounds the prompt graph up to whole tokens a sequence', () => {
    expect(shapeOf({ contextLength: tokens(4096), parallel: 3, ubatchSize: tokens(512) }).promptTokens).toBe(513)
  })
})
