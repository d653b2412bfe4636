import { expect, it } from 'vitest'
import { driverContext } from '../memory/driver-context.ts'
import { requestDefaults } from '../memory/settings.ts'
import { gibibytes } from '../units.ts'
import { machineOf } from './fixtures.ts'
import { deviceRoom, freeToProcess } from './room.ts'

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
