import { deviceId, gibibytes, GIB, machineId, MIB } from '@berth/core'
import { describe, expect, it } from 'vitest'
import {
  type CatalogueMachineParts,
  explainCatalogueMachineIssue,
  machineFromCatalogue,
  MAX_CATALOGUE_DEVICES,
} from './catalogue-machine.ts'

const made = (parts: Partial<CatalogueMachineParts>) =>
  machineFromCatalogue({ id: machineId('m'), name: 'what if', gpus: [], ...parts })

describe('machineFromCatalogue', () => {
  it('makes two used 3090s and 128 GB, every figure the catalogue’s', () => {
    const gpus = [{ gpu: 'nvidia-geforce-rtx-3090-24gb', count: 2 }]
    const result = made({ gpus, hostMemory: gibibytes(128), cpuCores: 16, link: 'NV4' })
    const kept = 300 * MIB + Math.round((24 * GIB) / 100)
    const device = (index: number) => ({
      id: `m-gpu-${index}`,
      index,
      name: 'NVIDIA GeForce RTX 3090',
      backend: 'cuda',
      memoryTotal: 24 * GIB - kept,
      memory: {
        nominal: { bytes: 24 * GIB, provenance: 'catalogue' },
        reported: { bytes: 24 * GIB, provenance: 'catalogue' },
        driverReserved: { bytes: kept, provenance: 'catalogue' },
      },
      unified: false,
      architecture: '8.6',
      memoryBandwidthBytesPerSecond: 936.2e9,
      fp16FlopsPerSecond: 71e12,
      pcie: { generationMax: 4, widthMax: 16 },
      powerDefaultWatts: 350,
      fromCatalogue: [
        'memoryBandwidthBytesPerSecond',
        'architecture',
        'fp16FlopsPerSecond',
        'pcie',
        'powerDefaultWatts',
      ],
    })
    expect(result).toEqual({
      ok: true,
      value: {
        id: 'm',
        name: 'what if',
        hostMemoryTotal: 128 * GIB,
        cpuCores: 16,
        devices: [device(0), device(1)],
        links: [{ from: deviceId('m-gpu-0'), to: deviceId('m-gpu-1'), kind: 'NV4' }],
      },
    })
  })

  it('counts the devices of several products through, and links every two', () => {
    const gpus = [
      { gpu: 'RTX 3080', memoryMib: 12288, count: 1 },
      { gpu: 'NVIDIA GeForce RTX 3060', count: 2 },
    ]
    const result = made({ gpus, link: 'PHB' })
    if (!result.ok) throw new Error(result.issue.code)
    expect(result.value.devices.map(({ index, memory }) => [index, memory.nominal?.bytes])).toEqual([
      [0, 12 * GIB],
      [1, 12 * GIB],
      [2, 12 * GIB],
    ])
    expect(result.value.links).toHaveLength(3)
  })

  it('gives an Apple the memory of its machine, and its system', () => {
    const result = made({ gpus: [{ gpu: 'Apple M2 Ultra', count: 1 }], hostMemory: gibibytes(64) })
    expect(result).toMatchObject({
      ok: true,
      value: { os: 'macos', hostMemoryTotal: 64 * GIB, devices: [{ unified: true, memoryTotal: 48 * GIB }] },
    })
  })

  it('is a host alone where no GPU is asked for', () => {
    expect(made({ hostMemory: gibibytes(64) })).toEqual({
      ok: true,
      value: { id: 'm', name: 'what if', hostMemoryTotal: 64 * GIB, devices: [], links: [] },
    })
  })

  it.each<[string, Partial<CatalogueMachineParts>, object, string]>([
    [
      'a GPU nobody knows',
      { gpus: [{ gpu: 'RTX 9999', count: 1 }] },
      { code: 'gpu-not-found', at: 0 },
      'The catalogue has no such GPU.',
    ],
    [
      'a name of two products',
      {
        gpus: [
          { gpu: 'RTX 3090', count: 1 },
          { gpu: 'RTX 3080', count: 1 },
        ],
      },
      { code: 'gpu-not-found', at: 1 },
      'The name and memory do not say which GPU of the catalogue is meant: nvidia-geforce-rtx-3080-10gb, nvidia-geforce-rtx-3080-12gb.',
    ],
    [
      'more GPUs than a machine has',
      {
        gpus: [
          { gpu: 'RTX 3090', count: MAX_CATALOGUE_DEVICES },
          { gpu: 'RTX 3060', count: 1 },
        ],
      },
      { code: 'too-many-devices', found: 33, limit: 32 },
      'A machine of the catalogue has 32 GPUs at most, not 33.',
    ],
    [
      'shared memory of no size',
      { gpus: [{ gpu: 'apple-m2-ultra', count: 1 }] },
      { code: 'host-memory-needed', at: 0 },
      "Apple M2 Ultra shares the machine's memory: say how much there is.",
    ],
    [
      'memory shared twice',
      { gpus: [{ gpu: 'apple-m2-ultra', count: 2 }], hostMemory: gibibytes(64) },
      { code: 'memory-shared-twice', at: 0 },
      "Apple M2 Ultra shares the machine's memory, which one GPU at most can do.",
    ],
    [
      'memory shared by two products',
      {
        gpus: [
          { gpu: 'AMD Radeon 780M', count: 1 },
          { gpu: 'apple-m2-ultra', count: 1 },
        ],
        hostMemory: gibibytes(64),
      },
      { code: 'memory-shared-twice', at: 1 },
      "Apple M2 Ultra shares the machine's memory, which one GPU at most can do.",
    ],
  ])('refuses %s', (_, parts, issue, sentence) => {
    const result = made(parts)
    expect(result).toMatchObject({ ok: false, issue })
    expect(result.ok ? '' : explainCatalogueMachineIssue(result.issue)).toBe(sentence)
  })
})
