import { describe, expect, it } from 'vitest'
import type { Backend, Device } from '../machine/machine.ts'
import { machineOf } from '../placement/fixtures.ts'
import { visibleDevices } from './visible-devices.ts'

const devices = (backend: Backend, uuids: readonly (string | undefined)[]): readonly Device[] =>
  machineOf(uuids.map(() => ({ gib: 24, backend }))).devices.map(({ uuid: _, ...device }, at) => ({
    ...device,
    ...(uuids[at] !== undefined && { uuid: uuids[at] }),
  }))

describe('visibleDevices', () => {
  it.each([
    ['cuda', ['GPU-1a-2b', 'GPU-3c'], 'CUDA_VISIBLE_DEVICES', 'GPU-1a-2b,GPU-3c'],
    ['cuda', ['MIG-1a-2b'], 'CUDA_VISIBLE_DEVICES', 'MIG-1a-2b'],
    ['cuda', ['GPU-1a', undefined], 'CUDA_VISIBLE_DEVICES', '0,1'],
    // A uuid from a pasted text must not smuggle anything into a command.
    ['cuda', ['GPU-1a', 'GPU-2b,GPU-9'], 'CUDA_VISIBLE_DEVICES', '0,1'],
    ['rocm', ['GPU-0123456789abcdef'], 'ROCR_VISIBLE_DEVICES', 'GPU-0123456789abcdef'],
    ['rocm', ['0x123'], 'HIP_VISIBLE_DEVICES', '0'],
    ['vulkan', ['GPU-1a', 'GPU-2b'], 'GGML_VK_VISIBLE_DEVICES', '0,1'],
    ['sycl', [undefined], 'ONEAPI_DEVICE_SELECTOR', 'level_zero:0'],
  ] as const)('pins %s devices %j by %s=%s', (backend, uuids, name, value) => {
    expect(visibleDevices(devices(backend, uuids))).toContainEqual({ name, value })
  })

  it('makes CUDA count in PCI order, as the inventory does', () => {
    expect(visibleDevices(devices('cuda', ['GPU-1']))[0]).toEqual({ name: 'CUDA_DEVICE_ORDER', value: 'PCI_BUS_ID' })
  })

  it('says nothing where there is one device or none', () => {
    expect(visibleDevices(devices('metal', [undefined]))).toEqual([])
    expect(visibleDevices([])).toEqual([])
  })
})
