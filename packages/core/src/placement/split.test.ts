import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOST } from '../memory/run-memory.ts'
import { layersByFlags } from './split.ts'

const counts = (layers: readonly number[], deviceCount: number): readonly number[] =>
  Array.from({ length: deviceCount }, (_, device) => layers.filter((place) => place === device).length)

describe('layersByFlags', () => {
  it.each([
    // 33 layers over 3 equal devices: 11/33 in float32 is not below the first bound, so ties go to the next device.
    { layerCount: 33, gpuLayers: -1, shares: [1, 1, 1], expected: [11, 11, 11], host: 0 },
    { layerCount: 81, gpuLayers: -1, shares: [1, 1], expected: [41, 40], host: 0 },
    { layerCount: 81, gpuLayers: -1, shares: [24000, 24000, 24000, 24000], expected: [21, 20, 20, 20], host: 0 },
    { layerCount: 33, gpuLayers: 999, shares: [3, 1], expected: [25, 8], host: 0 },
    // A zero share gives a device nothing.
    { layerCount: 33, gpuLayers: -1, shares: [1, 0, 1], expected: [17, 0, 16], host: 0 },
    // One layer offloads the output layer only, to the last device of the range.
    { layerCount: 33, gpuLayers: 1, shares: [1, 1], expected: [1, 0], host: 32 },
    { layerCount: 33, gpuLayers: 0, shares: [1], expected: [0], host: 33 },
  ])('$layerCount layers, -ngl $gpuLayers, -ts $shares', ({ layerCount, gpuLayers, shares, expected, host }) => {
    const layers = layersByFlags({ layerCount, gpuLayers, shares, deviceCount: shares.length })
    expect(counts(layers, shares.length)).toEqual(expected)
    expect(layers.filter((place) => place === HOST)).toHaveLength(host)
  })

  it('keeps the first blocks on the host', () => {
    expect(layersByFlags({ layerCount: 5, gpuLayers: 3, shares: [1], deviceCount: 1 })).toEqual([HOST, HOST, 0, 0, 0])
  })

  it('puts everything on the host without a device', () => {
    expect(layersByFlags({ layerCount: 3, gpuLayers: -1, shares: [], deviceCount: 0 })).toEqual([HOST, HOST, HOST])
  })

  it('gives back layer counts that are used as shares', () => {
    const split = fc
      .array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 8 })
      .filter((one) => one.some((n) => n > 0))
    fc.assert(
      fc.property(split, fc.integer({ min: 0, max: 40 }), (layers, host) => {
        const offloaded = layers.reduce((sum, count) => sum + count, 0)
        const got = layersByFlags({
          layerCount: offloaded + host,
          gpuLayers: offloaded,
          shares: layers,
          deviceCount: layers.length,
        })
        expect(counts(got, layers.length)).toEqual(layers)
      }),
      { numRuns: 2000 },
    )
  })
})
