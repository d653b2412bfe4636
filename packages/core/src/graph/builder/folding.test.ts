import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contextShape } from '../../context/shape.ts'
import { estimateMemory } from '../../memory/estimate.ts'
import { HOST } from '../../memory/run-memory.ts'
import type { Run } from '../../memory/run.ts'
import { requestDefaults } from '../../memory/settings.ts'
import { architectureNamed } from '../../model/architectures/index.ts'
import { llamaModel } from '../../placement/fixtures.ts'
import { layersByFlags } from '../../placement/split.ts'
import { tokens } from '../../units.ts'
import { replay } from '../replay.ts'
import { newBuilder } from './builder.ts'
import { embeddings } from './embeddings.ts'
import { attempts, foldBlocks, unfolded } from './folding.ts'

describe('foldBlocks', () => {
  it('keeps short runs whole', () => {
    expect(foldBlocks([0, 0, 0, 0], attempts[0]!)).toEqual(unfolded(4))
  })

  it.each(attempts.slice(0, 2))('cuts the middle of a long run by whole windows and keeps its end: %o', (attempt) => {
    const run = Array.from({ length: 80 }, () => 0)
    const { blocks, checks } = foldBlocks(run, attempt)
    expect(blocks.length).toBeLessThan(10)
    expect(blocks.at(-1)).toBe(79)
    expect((80 - blocks.length) % attempt.window).toBe(0)
    expect(checks).toEqual([{ from: attempt.settling, window: attempt.window }])
  })

  it('finds patterns of several blocks', () => {
    const pattern = Array.from({ length: 60 }, (_, il) => (il % 6 === 5 ? 1 : 0))
    const { blocks } = foldBlocks(pattern, attempts[0]!)
    expect(blocks.length).toBeLessThan(60)
    expect(blocks.map((il) => pattern[il])).toEqual(pattern.slice(0, blocks.length))
  })
})

/** The whole graph, no block left out. */
function wholeReplay(run: Run): readonly number[] {
  const shape = contextShape(run.model, run.settings)
  const size = { tokens: shape.promptTokens, outputs: shape.promptOutputs, sequences: shape.sequences }
  const options = { hostBackend: run.layout.deviceCount, copies: 1, opOffload: true, expertFusion: true }
  const folding = unfolded(run.model.runBlockCount)
  const builder = newBuilder({ ...run, shape, flashAttention: true, normPinning: true, folding }, size)
  architectureNamed('llama').graph(builder, embeddings(builder))
  return replay({ graph: builder.graph, marks: builder.marks, checks: [], isAssigned: false }, options).bufferBytes
}

it('answers with folded blocks what the whole graph answers', () => {
  const shapes = fc.record({
    blocks: fc.integer({ min: 1, max: 40 }),
    headsKv: fc.constantFrom(1, 2, 4, 8),
    feedForward: fc.constantFrom(512, 1024, 3584),
    experts: fc.constantFrom(undefined, 8),
    devices: fc.integer({ min: 1, max: 4 }),
    offloaded: fc.integer({ min: 0, max: 41 }),
    context: fc.integer({ min: 256, max: 20000 }),
  })
  fc.assert(
    fc.property(shapes, ({ blocks, headsKv, feedForward, experts, devices, offloaded, context }) => {
      const model = llamaModel({
        blocks,
        embedding: 1024,
        feedForward,
        heads: 8,
        headsKv,
        vocabulary: 4000,
        ...(experts ? { experts } : {}),
      })
      const shares = Array.from({ length: devices }, () => 1)
      const layers = layersByFlags({ layerCount: blocks + 1, gpuLayers: offloaded, shares, deviceCount: devices })
      const settings = {
        ...requestDefaults,
        contextLength: tokens(context),
        flashAttention: 'on',
        outputsMax: 1,
        pipelineAllowed: false,
      } as const
      const run: Run = { model, settings, layout: { splitMode: 'layer', deviceCount: devices, layers, overrides: [] } }
      const memory = estimateMemory(run)
      const whole = wholeReplay(run)
      const folded = [...memory.devices.map((device) => device.compute), memory.host.compute]
      // The generation graph never needs more here, so the prompt graph's buffers are the answer.
      expect(folded).toEqual(whole)
      expect(layers.filter((place) => place === HOST).length).toBe(Math.max(0, blocks + 1 - offloaded))
    }),
    { numRuns: 60 },
  )
})
