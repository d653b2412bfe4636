import { describe, expect, it } from 'vitest'
import { deviceId, machineId } from '../ids.ts'
import { refusalOf } from '../placement/device-groups.ts'
import { gibibytes } from '../units.ts'
import { cloneMachine } from './clone.ts'
import type { Device, Machine } from './machine.ts'

const card = (uuid: string, change: Partial<Device> = {}): Device => ({
  id: deviceId(uuid),
  index: 0,
  name: 'NVIDIA A100-SXM4-40GB',
  backend: 'cuda',
  memoryTotal: gibibytes(39),
  memory: {
    reported: { bytes: gibibytes(40), provenance: 'measured' },
    driverReserved: { bytes: gibibytes(1), provenance: 'catalogue' },
  },
  memoryUsed: gibibytes(2),
  unified: false,
  uuid,
  ...change,
})
const machine = (devices: readonly Device[], links: Machine['links'] = []): Machine => ({
  id: machineId('m'),
  name: 'lab-01',
  hostMemoryTotal: gibibytes(256),
  hostMemoryUsed: gibibytes(8),
  driverVersion: '580.1',
  devices,
  links,
})

describe('cloneMachine', () => {
  it('is a machine of the same build that nobody has measured', () => {
    const first = machine(
      [card('GPU-a'), card('GPU-b', { index: 1, pciBusId: '00:02.0' })],
      [{ from: deviceId('GPU-a'), to: deviceId('GPU-b'), kind: 'NV4' }],
    )
    const {
      uuid: _uuid,
      memoryUsed: _used,
      ...built
    } = card('', {
      memory: {
        reported: { bytes: gibibytes(40), provenance: 'typed' },
        driverReserved: { bytes: gibibytes(1), provenance: 'catalogue' },
      },
    })
    expect(cloneMachine(first, 'lab-02')).toEqual({
      id: machineId('m'),
      name: 'lab-02',
      hostMemoryTotal: gibibytes(256),
      driverVersion: '580.1',
      devices: [
        { ...built, id: 'clone-gpu-0' },
        { ...built, id: 'clone-gpu-1', index: 1, pciBusId: '00:02.0' },
      ],
      links: [{ from: 'clone-gpu-0', to: 'clone-gpu-1', kind: 'NV4' }],
    })
  })

  it('keeps a card that is cut into slices out of every plan', () => {
    const slice = card('MIG-1', { index: 1, migParent: 'GPU-a' })
    const clone = cloneMachine(machine([card('GPU-a'), slice]), 'lab-02')
    expect(clone.devices[1]?.migParent).toBe('clone-gpu-0')
    const cuda = { backends: ['cuda'] } as const
    const refusals = clone.devices.map((device) => refusalOf(device, clone, cuda as never))
    expect(refusals).toEqual(['mig-parent', undefined])
  })

  it('leaves the card of a slice its name where the card is not listed', () => {
    const clone = cloneMachine(machine([card('MIG-1', { migParent: 'GPU-a' })]), 'lab-02')
    expect(clone.devices[0]?.migParent).toBe('GPU-a')
  })
})
