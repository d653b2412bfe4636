import { bytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { issueOf, machineOf, readingOf, warningCodes } from '../testing/read.ts'

const nvidia = {
  name: 'NVIDIA L40S',
  uuid: 'GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e301',
  vendor: 'nvidia',
  index: 0,
  memory: { total: 48305799168, used: 512000000, is_unified_memory: false },
  type: 'cuda',
}
const amd = { ...nvidia, name: 'AMD Radeon RX 7900 XT', uuid: '0x744c', compute_capability: 'gfx1100', type: 'rocm' }
const worker = (...devices: readonly unknown[]) => ({
  name: 'host-9',
  hostname: 'host-9.lab',
  status: { cpu: { total: 32 }, memory: { total: 137438953472, used: 1000 }, gpu_devices: devices },
})
const json = (value: unknown) => JSON.stringify(value, null, 1)

describe('a GPUStack worker', () => {
  it('is read with its cards', () => {
    const memory = { reported: { bytes: bytes(48305799168), provenance: 'measured' } }
    const card = { memoryTotal: bytes(48305799168), memory, memoryUsed: bytes(512000000), unified: false }
    const expected = {
      id: 'host-9',
      name: 'host-9',
      hostMemoryTotal: bytes(137438953472),
      hostMemoryUsed: bytes(1000),
      cpuCores: 32,
      devices: [
        { ...card, id: nvidia.uuid, index: 0, name: 'NVIDIA L40S', backend: 'cuda', uuid: nvidia.uuid },
        { ...card, id: 'host-9/gpu1', index: 1, name: amd.name, backend: 'rocm', architecture: 'gfx1100' },
      ],
      links: [],
    }
    expect(machineOf(json(worker(nvidia, amd)))).toEqual(expected)
    expect(machineOf(json({ items: [worker(nvidia, amd)], pagination: {} }))).toEqual(expected)
    expect(machineOf(json([worker(nvidia, amd)]))).toEqual(expected)
  })

  it('keeps cards that one UUID is given to, and leaves out what no engine drives', () => {
    const { machines, warnings } = readingOf(json(worker(nvidia, nvidia, { ...nvidia, type: 'cann' })))
    expect(machines[0]!.devices.map(({ id }) => id)).toEqual(['host-9/gpu0', 'host-9/gpu1'])
    expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(['duplicate-uuid', 'backend-ignored']))
    expect(warningCodes(json(worker()))).toEqual(['no-devices'])
  })

  it('names the field that is no figure', () => {
    const broken = { ...nvidia, memory: { total: 'big' } }
    expect(issueOf(json({ items: [worker(nvidia, broken)] }))).toMatchObject({
      code: 'value-invalid',
      field: 'items[0].status.gpu_devices[1].memory.total',
      line:
        json({ items: [worker(nvidia, broken)] })
          .split('\n')
          .findIndex((line) => line.includes('"big"')) + 1,
    })
    expect(issueOf(json({ ...worker(nvidia), name: '', hostname: null }))).toMatchObject({
      code: 'field-missing',
      field: 'name',
    })
    const many = worker(...Array.from({ length: 129 }, () => nvidia))
    expect(issueOf(json(many))).toMatchObject({ code: 'limit-exceeded', limit: 128 })
  })
})
