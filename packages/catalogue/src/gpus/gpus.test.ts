import { GIB, machineId, MIB } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { deviceFromCatalogue } from './device.ts'
import { findGpu } from './find-gpu.ts'
import { catalogueGpus } from './gpus.ts'

const machine = machineId('m')

describe('catalogueGpus', () => {
  it('has one entry a name and memory size', () => {
    expect(catalogueGpus).toHaveLength(190)
    const keys = catalogueGpus.map((gpu) => `${gpu.name} ${gpu.memoryReported ?? gpu.memoryNominal.join()}`)
    expect(new Set(keys).size).toBe(190)
    expect(new Set(catalogueGpus.map(({ id }) => id)).size).toBe(190)
  })

  it.each(catalogueGpus.map((gpu) => [`${gpu.name} ${gpu.memoryNominal.join()}`, gpu] as const))('%s', (_, gpu) => {
    // What an address or a cursor can hold.
    expect(gpu.id).toMatch(/^[a-z0-9-]{5,64}$/)
    expect(gpu.memoryBandwidthBytesPerSecond).toBeGreaterThan(50e9)
    expect(gpu.memoryBandwidthBytesPerSecond).toBeLessThan(10e12)
    expect(gpu.fp16FlopsPerSecond ?? 1e12).toBeGreaterThanOrEqual(1e12)
    expect(gpu.fp16FlopsPerSecond ?? 1e12).toBeLessThan(3e15)
    expect(gpu.powerWatts).toBeGreaterThan(10)
    expect(gpu.memoryNominal.every((size) => size >= 4 * GIB && size <= 512 * GIB)).toBe(true)
    expect(gpu.source.length).toBeGreaterThan(5)
    // A tool prints no more than the chips hold and, with ECC, no less than 7/8 of it.
    const [nominal = 0] = gpu.memoryNominal
    if (gpu.memoryReported !== undefined) {
      expect(gpu.memoryReported / nominal).toBeGreaterThan(0.87)
      expect(gpu.memoryReported).toBeLessThanOrEqual(nominal)
    } else expect(gpu.memorySource === 'varies' || gpu.memorySource === 'unconfirmed').toBe(true)
    if (gpu.vendor === 'NVIDIA') expect(gpu.architecture).toMatch(/^\d+\.\d$/)
    if (gpu.vendor === 'AMD') expect(gpu.architecture).toMatch(/^gfx[0-9a-f]+$/)
    expect(gpu.unified || gpu.pcie !== undefined).toBe(true)
  })
})

describe('findGpu', () => {
  it.each([
    ['NVIDIA GeForce RTX 3090', 24576, 'NVIDIA GeForce RTX 3090'],
    ['GeForce RTX 3090', 24576, 'NVIDIA GeForce RTX 3090'],
    ['RTX 3090', undefined, 'NVIDIA GeForce RTX 3090'],
    ['NVIDIA H100 80GB HBM3', 81559, 'NVIDIA H100 80GB HBM3'],
    ['NVIDIA-H100-80GB-HBM3', 81559, 'NVIDIA H100 80GB HBM3'],
    ['NVIDIA-A100-SXM4-80GB', 81920, 'NVIDIA A100-SXM4-80GB'],
    ['Tesla T4', 15360, 'Tesla T4'],
    ['NVIDIA T4', 15109, 'Tesla T4'],
    ['NVIDIA RTX A6000', 46068, 'NVIDIA RTX A6000'],
    ['NVIDIA RTX 6000 Ada...', 49140, 'NVIDIA RTX 6000 Ada Generation'],
    ['AMD Radeon RX 7900 XTX (RADV NAVI31)', 24560, 'AMD Radeon RX 7900 XTX'],
    ['Intel(R) Arc(TM) B580 Graphics', 11605, 'Intel(R) Arc(TM) B580 Graphics'],
    ['Intel(R) Arc(tm) B580 Graphics (BMG G21)', 11605, 'Intel(R) Arc(TM) B580 Graphics'],
    ['Apple M2 Ultra', 147456, 'Apple M2 Ultra'],
    ['Instinct MI300X', 196592, 'AMD Instinct MI300X'],
    ['NVIDIA GeForce RTX 4070 Laptop GPU', 8188, 'NVIDIA GeForce RTX 4070 Laptop GPU'],
  ])('%s with %s MiB is %s', (name, memory, expected) => {
    expect(findGpu(name, memory)?.name).toBe(expected)
  })

  it.each([
    ['NVIDIA GeForce RTX 3080', 10240, 760.3],
    ['NVIDIA GeForce RTX 3080', 12288, 912.4],
    ['NVIDIA GeForce RTX 4060 Ti', 16380, 288],
  ])('tells %s with %i MiB by its memory', (name, memory, gigabytes) => {
    const gpu = findGpu(name, memory)
    expect(gpu?.memoryReported).toBe(memory * MIB)
    expect(gpu?.memoryBandwidthBytesPerSecond).toBeCloseTo(gigabytes * 1e9, -3)
  })

  it.each([
    ['NVIDIA GeForce RTX 3080', undefined],
    // A card of this name with other memory is another card.
    ['NVIDIA GeForce RTX 3060', 8192],
    ['NVIDIA GeForce RTX 9999', 24576],
    // Three boards begin like this and have the same memory.
    ['NVIDIA RTX PRO 6000 Blac...', 97887],
    ['NVIDIA ...', 24576],
    ['', 24576],
    ['(R)', undefined],
  ])('does not guess at %j with %s MiB', (name, memory) => {
    expect(findGpu(name, memory)).toBeUndefined()
  })
})

describe('deviceFromCatalogue', () => {
  it('keeps the driver out of what a plan may use, and says whose figures it has', () => {
    const gpu = findGpu('NVIDIA GeForce RTX 3090')!
    const device = deviceFromCatalogue(gpu, 1, machine)
    expect(device).toMatchObject({ id: 'm-gpu-1', index: 1, backend: 'cuda', unified: false, architecture: '8.6' })
    expect(device.memory.reported).toEqual({ bytes: 24576 * MIB, provenance: 'catalogue' })
    expect(device.memory.driverReserved?.provenance).toBe('catalogue')
    expect(device.memoryTotal).toBe(24576 * MIB - (device.memory.driverReserved?.bytes ?? 0))
    expect(device.memoryTotal).toBeGreaterThan(23.4 * GIB)
    expect(device.memoryTotal).toBeLessThan((24576 - 316) * MIB)
  })

  it.each([
    ['RTX 3080', 10240, 397],
    ['NVIDIA RTX 4000 SFF Ada Generation', 20475, 460],
    ['NVIDIA A100-SXM4-80GB', 81920, 869],
    ['NVIDIA L40S', 46068, 609],
    ['NVIDIA GeForce RTX 5090', 32607, 498],
    ['NVIDIA GeForce RTX 4070', 12282, 409],
    ['Tesla P100-PCIE-16GB', 16384, 103],
  ])("bounds what the driver was seen to keep of %s's memory", (name, memory, keptMib) => {
    const device = deviceFromCatalogue(findGpu(name, memory)!, 0, machine)
    expect(device.memory.driverReserved?.bytes).toBeGreaterThanOrEqual(keptMib * MIB)
  })

  it.each([
    [192, 147456],
    [64, 49152],
    [32, 21845],
  ])("gives an Apple of %i GiB Metal's budget of %i MiB", (gib, mib) => {
    const gpu = findGpu('Apple M2 Ultra')!
    const device = deviceFromCatalogue(gpu, 0, machine, { hostMemory: (gib * GIB) as never })
    expect(device.unified).toBe(true)
    expect(Math.floor(device.memoryTotal / MIB)).toBe(mib)
  })
})
