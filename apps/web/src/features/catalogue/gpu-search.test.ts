import { describe, expect, it } from 'vitest'
import { type GpuInputs, gpuQueryOf } from './gpu-search.ts'

const asked = (change: Partial<GpuInputs>) => gpuQueryOf({ q: '', vendor: null, memory: null, show: 40, ...change })

describe('gpuQueryOf', () => {
  it.each<[Partial<GpuInputs>, object]>([
    [{}, { limit: 40 }],
    [
      { q: ' 3090 ', vendor: 'NVIDIA', memory: 24 },
      { limit: 40, text: '3090', vendor: 'NVIDIA', memoryMin: 24 * 1024 ** 3 },
    ],
    // Typed into the address by hand.
    [{ show: -5, memory: -1, q: ' ' }, { limit: 1 }],
    [
      { show: 1e9, memory: 1e9, q: 'x'.repeat(300) },
      { limit: 1000, text: 'x'.repeat(200) },
    ],
  ])('%j', (change, expected) => expect(asked(change)).toEqual(expected))
})
