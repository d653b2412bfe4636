import { describe, expect, it } from 'vitest'
import { requestDefaults } from '../memory/settings.ts'
import { gibibytes, mebibytes } from '../units.ts'
import { machineOf } from './fixtures.ts'
import { deviceRoom, freeOf, hostRoom } from './room.ts'

const machine = machineOf([{ gib: 24, used: 2 }, { gib: 24 }, { gib: 8 }], 64)
const request = { ...requestDefaults, margin: mebibytes(512), deviceMargins: [mebibytes(0), mebibytes(4096)] }

describe('deviceRoom', () => {
  it.each([
    ['its own margin, even none', 0, 24 - 2],
    ['its own margin', 1, 24 - 4],
    ['the common margin beyond the list', 2, 8 - 0.5],
  ])('keeps %s free', (_, index, gib) => {
    expect(freeOf(deviceRoom(machine.devices[index]!, {}, request))).toBe(gibibytes(gib))
  })

  it('takes what others are known to hold before what was measured', () => {
    const [device] = machine.devices
    const held = { devices: new Map([[device!.id, gibibytes(10)]]) }
    expect(freeOf(deviceRoom(device!, held, request))).toBe(gibibytes(14))
  })
})

describe('hostRoom', () => {
  it('keeps the common margin', () => {
    expect(hostRoom(machine, {}, request)).toMatchObject({ capacity: gibibytes(64), margin: mebibytes(512) })
  })
})
