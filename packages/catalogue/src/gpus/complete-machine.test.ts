import { type Device, deviceId, type Machine, machineId, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { completeMachine } from './complete-machine.ts'

const device = (change: Partial<Device> = {}): Device => ({
  id: deviceId('GPU-1'),
  index: 0,
  name: 'NVIDIA GeForce RTX 3090',
  backend: 'cuda',
  memoryTotal: mebibytes(24259),
  memory: { reported: { bytes: mebibytes(24576), provenance: 'measured' } },
  unified: false,
  ...change,
})
const completed = (one: Device): Device | undefined =>
  completeMachine({ id: machineId('m'), name: 'm', devices: [one], links: [] } satisfies Machine).devices[0]

describe('completeMachine', () => {
  it('adds what the tool does not print of a known card', () => {
    expect(completed(device())).toMatchObject({ architecture: '8.6', memoryBandwidthBytesPerSecond: 936.2e9 })
  })

  it('keeps what was measured', () => {
    expect(completed(device({ architecture: '9.9' }))?.architecture).toBe('9.9')
  })

  it.each([
    ['a card nobody knows', { name: 'Prototype X1' }],
    [
      'a card of that name with other memory',
      { memory: { reported: { bytes: mebibytes(6144), provenance: 'measured' as const } } },
    ],
    ['a slice of a card', { migParent: 'GPU-0' }],
    ['a card driven by another backend', { backend: 'vulkan' as const }],
  ])('leaves %s alone', (_, change) => {
    expect(completed(device(change))).toEqual(device(change))
  })
})
