import { gibibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import type { CatalogueGpuView } from '../../trpc/types.ts'
import { emptyInputs, nameOf, newMachineOf, withCount, withGpu } from './catalogue-inputs.ts'

const gpu = (id: string, change: Partial<CatalogueGpuView> = {}): CatalogueGpuView => ({
  id,
  vendor: 'NVIDIA',
  name: `NVIDIA GeForce ${id}`,
  backend: 'cuda',
  memoryNominal: [gibibytes(24)],
  unified: false,
  memoryBandwidthBytesPerSecond: 936e9,
  linkBytesPerSecond: 0,
  powerWatts: 350,
  memorySource: 'observed',
  source: 'the test',
  ...change,
})
const card = gpu('RTX 3090')
const apple = gpu('M2', { unified: true, memoryNominal: [gibibytes(8), gibibytes(24)] })

describe('the form of a machine of the catalogue', () => {
  it('asks for two used 3090s and 128 GB', () => {
    const inputs = { ...withGpu(withGpu(emptyInputs, card), card), memory: '128', link: 'PHB' }
    expect(newMachineOf(inputs)).toEqual({
      name: '2 × RTX 3090',
      gpus: [{ gpu: 'RTX 3090', count: 2 }],
      hostMemoryBytes: gibibytes(128),
      link: 'PHB',
    })
  })

  it('leaves out what is empty, and a path that has no second end', () => {
    expect(newMachineOf({ ...withGpu(emptyInputs, card), link: 'PHB', cpuName: ' ', name: ' mine ' })).toEqual({
      name: 'mine',
      gpus: [{ gpu: 'RTX 3090', count: 1 }],
    })
  })

  it('keeps a name that was typed, whatever is chosen then', () => {
    expect(nameOf(withGpu({ ...emptyInputs, name: '' }, card))).toBe('')
    expect(nameOf(withGpu(withGpu(emptyInputs, card), gpu('RTX 3060')))).toBe('RTX 3090, RTX 3060')
  })

  it('asks for the memory that a GPU shares, and overwrites none', () => {
    expect(withGpu(emptyInputs, apple).memory).toBe('24')
    expect(withGpu({ ...emptyInputs, memory: '16' }, apple).memory).toBe('16')
    expect(withGpu(emptyInputs, card).memory).toBe('')
  })

  it('counts, and drops what is counted to nothing', () => {
    const two = withGpu(withGpu(emptyInputs, card), apple)
    expect(withCount(two, 'RTX 3090', 4).chosen.map(({ count }) => count)).toEqual([4, 1])
    expect(withCount(two, 'RTX 3090', 0).chosen).toEqual([{ gpu: apple, count: 1 }])
  })
})
