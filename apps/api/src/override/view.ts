import {
  type Device,
  deviceFigureOf,
  type FigureValue,
  hidesNewer,
  type Machine,
  machineFigureOf,
  type MachineOverrides,
} from '@berth/core'
import type { OverrideView } from './schema.ts'

/** Everything that is set on a machine, each with what was read; `missing` are known devices that are not there now. */
export const overrideViews = (
  read: Machine,
  missing: readonly Device[],
  { machine, devices }: MachineOverrides,
): readonly OverrideView[] => [
  ...machine.map((override) => ({
    deviceId: null,
    ...override,
    ...against(override.was, machineFigureOf(read, override.figure)),
    inForce: true,
  })),
  ...[...read.devices, ...missing].flatMap((device, at) =>
    (devices.get(device.id) ?? []).map((override) => ({
      deviceId: device.id,
      ...override,
      ...against(override.was, deviceFigureOf(device, override.figure)),
      inForce: at < read.devices.length,
    })),
  ),
]

const against = (was: FigureValue | null, reading: FigureValue | undefined) => ({
  reading: reading ?? null,
  hidesNewer: hidesNewer({ was }, reading),
})
