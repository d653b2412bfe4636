import { deviceId, machineId } from '../ids.ts'
import { gibibytes } from '../units.ts'
import type { FleetMachine } from './fleet-machine.ts'

type Device = FleetMachine['devices'][number]

/** A card that its driver's tools have told the memory of. */
export const gpu = (name: string, totalGib: number, usedGib?: number): Device => ({
  id: deviceId(name),
  name,
  memoryTotal: gibibytes(totalGib),
  memory: { reported: { bytes: gibibytes(totalGib), provenance: 'measured' } },
  ...(usedGib !== undefined && { memoryUsed: gibibytes(usedGib) }),
})

export const typedGpu = (name: string, totalGib: number): Device => ({
  id: deviceId(name),
  name,
  memoryTotal: gibibytes(totalGib),
  memory: { nominal: { bytes: gibibytes(totalGib), provenance: 'typed' } },
})

/** One that is ready, on no site and with nothing said of it. */
export const fleetMachine = (name: string, change: Partial<FleetMachine> = {}): FleetMachine => ({
  id: machineId(`id-${name}`),
  name,
  devices: [gpu('NVIDIA GeForce RTX 3090', 24, 1)],
  missingDevices: [],
  stale: null,
  site: null,
  owner: null,
  labels: {},
  maintenance: null,
  sample: false,
  readAt: '2026-05-01T10:00:00.000Z',
  ...change,
})
