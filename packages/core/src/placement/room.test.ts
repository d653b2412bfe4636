import { expect, it } from 'vitest'
import { driverContext } from '../memory/driver-context.ts'
import { requestDefaults } from '../memory/settings.ts'
import { gibibytes } from '../units.ts'
import { machineOf } from './fixtures.ts'
import { deviceRoom, freeOf, freeToProcess } from './room.ts'

it('a plan does without what is kept back, and an engine that chooses by itself sees it', () => {
  const device = machineOf([{ gib: 24 }]).devices[0]!
  const kept = {
    ...device,
    memory: { ...device.memory, policyReserved: { bytes: gibibytes(4), provenance: 'typed' as const } },
    memoryTotal: gibibytes(20),
  }
  expect(deviceRoom(kept, {}, requestDefaults).capacity).toBe(gibibytes(20))
  expect(freeToProcess(kept, {}, requestDefaults)).toBe(gibibytes(24) - driverContext(device).bytes)
  expect(freeToProcess(device, {}, requestDefaults)).toBe(gibibytes(24) - driverContext(device).bytes)
})

it('what is reserved is as good as held, and stands beside what is used', () => {
  const device = { ...machineOf([{ gib: 24 }]).devices[0]!, memoryUsed: gibibytes(3), memoryReserved: gibibytes(8) }
  const room = deviceRoom(device, {}, requestDefaults)
  expect(room).toMatchObject({ used: gibibytes(3), reserved: gibibytes(8) })
  expect(freeOf(room)).toBe(gibibytes(24) - gibibytes(11) - requestDefaults.margin)
  // A caller who says what is held has counted reservations.
  expect(deviceRoom(device, { devices: new Map([[device.id, gibibytes(1)]]) }, requestDefaults)).toEqual({
    ...{ capacity: gibibytes(24), used: gibibytes(1), margin: requestDefaults.margin },
  })
})
