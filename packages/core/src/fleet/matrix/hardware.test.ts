import { describe, expect, it } from 'vitest'
import { deviceId, machineId } from '../../ids.ts'
import type { Device, Machine } from '../../machine/machine.ts'
import { machineOf } from '../../placement/fixtures.ts'
import { gibibytes } from '../../units.ts'
import { distinctHardware, hardwareKey } from './hardware.ts'

const machine = machineOf([{ gib: 24 }, { gib: 24 }], 64)
const withDevice = (changes: Partial<Device>): Machine => ({
  ...machine,
  devices: [machine.devices[0]!, { ...machine.devices[1]!, ...changes }],
})

describe('machines are of one hardware', () => {
  it.each([
    ['whatever they are called', { ...machine, id: machineId('other'), name: 'other' }],
    ['whatever drives them', { ...machine, driverVersion: '560.35', cpuName: 'other' }],
    ['whatever their cards are called', withDevice({ id: deviceId('x'), uuid: 'GPU-1', pciBusId: '0:9:0' })],
  ])('%s', (_, other) => {
    expect(hardwareKey(other)).toBe(hardwareKey(machine))
  })
})

describe('machines differ', () => {
  const { uuid: _, ...anonymous } = machine.devices[1]!
  const [from, to] = [machine.devices[0]!.id, machine.devices[1]!.id]
  it.each([
    ['in what is free', withDevice({ memoryUsed: gibibytes(1) })],
    ['in what is reserved', withDevice({ memoryReserved: gibibytes(1) })],
    ['in a card', withDevice({ memoryTotal: gibibytes(12) })],
    ['in what makes them fast', withDevice({ memoryBandwidthBytesPerSecond: 1 })],
    ['in RAM', { ...machine, hostMemoryTotal: gibibytes(32) }],
    ['in the system, whose driver may spill', { ...machine, os: 'windows' as const }],
    ['in a card that cannot be named by its id', { ...machine, devices: [machine.devices[0]!, anonymous] }],
    ['in their order', { ...machine, devices: machine.devices.map((one) => ({ ...one, index: 1 - one.index })) }],
    ['in a link', { ...machine, links: [{ from, to, kind: 'NV4' }] }],
    ['in a slice', withDevice({ migParent: machine.devices[0]!.uuid! })],
  ])('%s', (_name, other) => {
    expect(hardwareKey(other)).not.toBe(hardwareKey(machine))
  })
})

it('keeps every machine, in the order given', () => {
  const other = machineOf([{ gib: 12 }], 64)
  const found = distinctHardware([machine, other, { ...machine, id: machineId('b') }, other])
  expect(found.map(({ machines }) => machines)).toEqual([
    [0, 2],
    [1, 3],
  ])
  expect(found[0]!.machine).toBe(machine)
})
