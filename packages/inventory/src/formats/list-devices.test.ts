import { bytes, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { devicesOf, issueOf, machineOf, readingOf, warningCodes } from '../testing/read.ts'

const cuda = `ggml_cuda_init: found 2 CUDA devices (Total VRAM: 48272 MiB):
  Device 0: NVIDIA GeForce RTX 4090, compute capability 8.9, VMM: yes, VRAM: 24080 MiB
  Device 1: NVIDIA RTX 4000 Ada Generation, compute capability 8.9, VMM: yes, VRAM: 20041 MiB
load_backend: loaded CUDA backend from /opt/llama/libggml-cuda.so
load_backend: loaded CPU backend from /opt/llama/libggml-cpu-haswell.so
Available devices:
  CUDA0: NVIDIA GeForce RTX 4090 (24080 MiB, 23680 MiB free)
  CUDA1: NVIDIA RTX 4000 Ada Generation (20041 MiB, 19900 MiB free)
`

describe('llama-server --list-devices', () => {
  it('reads CUDA devices, with compute capability from the log', () => {
    expect(devicesOf(cuda)).toEqual([
      {
        id: 'machine-1/gpu0',
        index: 0,
        name: 'NVIDIA GeForce RTX 4090',
        backend: 'cuda',
        memoryTotal: mebibytes(24080),
        memory: { runtime: { bytes: mebibytes(24080), provenance: 'measured' } },
        memoryUsed: mebibytes(400),
        unified: false,
        architecture: '8.9',
      },
      expect.objectContaining({
        id: 'machine-1/gpu1',
        name: 'NVIDIA RTX 4000 Ada Generation',
        memoryUsed: mebibytes(141),
      }),
    ])
    expect(readingOf(cuda)).toMatchObject({
      sections: [{ format: 'list-devices', firstLine: 1, lastLine: 8 }],
      warnings: [],
    })
  })

  it.each([
    [
      'the log below the list',
      cuda
        .split('\n')
        .toSorted((a, b) => Number(/^(?:ggml|load|  Dev)/.test(a)) - Number(/^(?:ggml|load|  Dev)/.test(b)))
        .join('\n')
        .trim(),
    ],
    [
      'the log within the list',
      cuda.replace('  CUDA1:', 'load_backend: loaded RPC backend from /opt/llama/libggml-rpc.so\n  CUDA1:'),
    ],
    ['timestamps before log lines', cuda.replace(/^(ggml|load)/gm, '0.00.051.203 I $1')],
    ['no indentation', cuda.replace(/^ +/gm, '')],
    ['blank lines', cuda.replaceAll('\n', '\n\n')],
  ])('reads the same with %s', (_, text) => {
    expect(devicesOf(text)).toEqual(devicesOf(cuda))
  })

  it('reads Metal as memory shared with the host, and leaves BLAS out', () => {
    const text = `ggml_metal_device_init: GPU name:   Apple M2 Ultra
ggml_metal_device_init: recommendedMaxWorkingSetSize  = 154618.82 MB
Available devices:
  MTL0: Apple M2 Ultra (147456 MiB, 147456 MiB free)
  BLAS: Accelerate (0 MiB, 0 MiB free)
`
    const { machines, warnings } = readingOf(text)
    expect(machines[0]!.devices).toEqual([
      {
        id: 'machine-1/gpu0',
        index: 0,
        name: 'Apple M2 Ultra',
        backend: 'metal',
        memoryTotal: mebibytes(147456),
        memory: { runtime: { bytes: mebibytes(147456), provenance: 'measured' } },
        memoryUsed: bytes(0),
        unified: true,
      },
    ])
    expect(warnings).toEqual([])
  })

  it('reads ROCm devices with their target', () => {
    const text = `ggml_cuda_init: found 1 ROCm devices (Total VRAM: 24560 MiB):
  Device 0: AMD Radeon RX 7900 XTX, gfx1100 (0x1100), VMM: no, Wave Size: 32, VRAM: 24560 MiB
Available devices:
  ROCm0: AMD Radeon RX 7900 XTX (24560 MiB, 24510 MiB free)
`
    expect(devicesOf(text)).toMatchObject([{ backend: 'rocm', architecture: 'gfx1100', memoryTotal: mebibytes(24560) }])
  })

  it('reads Vulkan devices, names with brackets, and shared memory', () => {
    const text = `ggml_vulkan: Found 2 Vulkan devices:
ggml_vulkan: 0 = AMD Radeon RX 6800 (RADV NAVI21) (radv) | uma: 0 | fp16: 1 | bf16: 0 | warp size: 32
ggml_vulkan: 1 = AMD Radeon Graphics (RADV RAPHAEL_MENDOCINO) (radv) | uma: 1 | fp16: 1 | bf16: 0 | warp size: 32
Available devices:
  Vulkan0: AMD Radeon RX 6800 (RADV NAVI21) (16368 MiB, 15900 MiB free)
  Vulkan1: AMD Radeon Graphics (RADV RAPHAEL_MENDOCINO) (31000 MiB, 30000 MiB free)
`
    expect(devicesOf(text).map(({ name, backend, unified }) => [name, backend, unified])).toEqual([
      ['AMD Radeon RX 6800 (RADV NAVI21)', 'vulkan', false],
      ['AMD Radeon Graphics (RADV RAPHAEL_MENDOCINO)', 'vulkan', true],
    ])
  })

  it.each([
    ['RPC[10.0.0.7:50052]', 'RPC[10.0.0.7:50052]'],
    ['RPC0[10.0.0.7:50052]', '10.0.0.7:50052'],
    ['RPC0[[fe80::1]:50052]', '[fe80::1]:50052'],
  ])('reads an RPC device named %s, after the local ones', (name, description) => {
    const text = `Available devices:\n  ${name}: ${description} (81043 MiB, 80000 MiB free)\n  CUDA0: NVIDIA L4 (22489 MiB, 22400 MiB free)\n`
    expect(devicesOf(text).map((device) => [device.index, device.backend, device.name])).toEqual([
      [0, 'cuda', 'NVIDIA L4'],
      [1, 'rpc', description],
    ])
  })

  it('counts a card once that two backends show', () => {
    const text = `Available devices:
  ROCm0: AMD Radeon RX 7900 XTX (24560 MiB, 24510 MiB free)
  CUDA0: NVIDIA GeForce RTX 3060 (11909 MiB, 11800 MiB free)
  Vulkan0: AMD Radeon RX 7900 XTX (RADV NAVI31) (24560 MiB, 24000 MiB free)
  Vulkan1: NVIDIA GeForce RTX 3060 (12288 MiB, 12000 MiB free)
  Vulkan2: Intel(R) Arc(tm) A380 Graphics (DG2) (6064 MiB, 5900 MiB free)
`
    expect(devicesOf(text).map((device) => device.backend)).toEqual(['rocm', 'cuda', 'vulkan'])
    expect(warningCodes(text)).toEqual(['same-card-twice', 'same-card-twice'])
  })

  it('warns of a backend that Berth does not plan for', () => {
    const text =
      'Available devices:\n  CANN0: Ascend910B (62420 MiB, 62000 MiB free)\n  CUDA0: NVIDIA L4 (22489 MiB, 22400 MiB free)\n'
    expect(devicesOf(text)).toHaveLength(1)
    expect(warningCodes(text)).toEqual(['backend-ignored'])
  })

  it('takes an empty list for an answer', () => {
    const text = 'warning: no usable GPU found, --gpu-layers option will be ignored\nAvailable devices:\n  (none)\n'
    expect(machineOf(text).devices).toEqual([])
    expect(warningCodes(text)).toEqual(['no-devices'])
  })

  it.each([
    ['  CUDA1: NVIDIA L4 (x MiB, y MiB free)', 'CUDA1'],
    ['  CUDA1: NVIDIA L4 (22489 MiB', 'CUDA1'],
    ['  CUDA1: NVIDIA L4 (9999999999 MiB, 1 MiB free)', 'CUDA1'],
  ])('refuses a device without its sizes: %s', (line, field) => {
    const text = `Available devices:\n  CUDA0: NVIDIA L4 (22489 MiB, 22400 MiB free)\n${line}\n`
    expect(issueOf(text)).toMatchObject({ code: 'value-invalid', line: 3, field, format: 'list-devices' })
  })

  it('does not take more free than there is for memory in use', () => {
    expect(devicesOf('Available devices:\n  CUDA0: NVIDIA L4 (100 MiB, 101 MiB free)\n')[0]).not.toHaveProperty(
      'memoryUsed',
    )
  })
})

describe('devices of ggml as JSON', () => {
  const device = (index: number, change: object = {}) => ({
    index,
    backend: 'CUDA',
    name: `CUDA${index}`,
    description: 'NVIDIA GeForce RTX 5090',
    type: 'GPU',
    device_id: `0000:0${index + 2}:00.0`,
    memory_total: 33670758400,
    memory_free: 33124450304,
    attributes: { compute_capability: '12.0' },
    ...change,
  })
  const json = (...devices: readonly object[]) => JSON.stringify({ schema_version: 1, devices }, null, 2)

  it('are read with what a process sees, and their place on the bus', () => {
    expect(devicesOf(json(device(0), device(1)))[1]).toEqual({
      id: 'pci:00000000:03:00.0',
      index: 1,
      name: 'NVIDIA GeForce RTX 5090',
      backend: 'cuda',
      memoryTotal: bytes(33670758400),
      memory: { runtime: { bytes: bytes(33670758400), provenance: 'measured' } },
      memoryUsed: bytes(33670758400 - 33124450304),
      unified: false,
      pciBusId: '00000000:03:00.0',
      architecture: '12.0',
    })
  })

  it('are GPUs alone, and each card once', () => {
    const mixed = json(
      device(0, { attributes: undefined }),
      device(0, { backend: 'Vulkan', name: 'Vulkan0' }),
      device(0, { backend: 'Vulkan', name: 'Vulkan1', description: 'AMD Radeon 780M', type: 'IGPU', device_id: 'N/A' }),
      device(0, { backend: 'BLAS', name: 'BLAS', memory_total: 0 }),
      device(0, { backend: 'CANN', name: 'CANN0' }),
    )
    expect(devicesOf(mixed).map(({ backend, unified }) => [backend, unified])).toEqual([
      ['cuda', false],
      ['vulkan', true],
    ])
    expect(warningCodes(mixed)).toEqual(['backend-ignored', 'same-card-twice'])
  })

  it('name the line of a size that is none', () => {
    expect(issueOf(json(device(0), device(1, { memory_total: 'all' })))).toMatchObject({
      code: 'value-invalid',
      field: 'devices[1].memory_total',
      line: 24,
    })
  })
})
