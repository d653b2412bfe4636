import type { Engine } from '../../engines/engine.ts'
import type { Machine } from '../../machine/machine.ts'
import type { RunRequest } from '../../memory/settings.ts'
import { type DeviceGroup, deviceGroups } from '../../placement/device-groups.ts'
import { deviceRoom, freeOf, hostRoom } from '../../placement/room.ts'

/** A hardware as every file meets it: what is free on it, by groups of devices that run together. */
export interface SurveyedHardware {
  readonly machine: Machine
  readonly groups: readonly SurveyedGroup[]
  /** Free on the host; undefined where no tool says what it has. */
  readonly hostFree: number | undefined
  /** All that an engine may look at of a machine when it refuses a model whatever the memory. */
  readonly backends: string
}

export interface SurveyedGroup {
  readonly devices: DeviceGroup
  /** What each has for a plan: less what others hold, less the margin. */
  readonly rooms: readonly number[]
  /** On all of them together; what one lacks takes nothing from the others. */
  readonly free: number
  /** Names what the driver takes of equal cards, and how many there are; absent where they differ in that or in room. */
  readonly equal?: string
  /** Equal for groups of which the driver takes the same, device by device. */
  readonly drivers: string
  /** What they take is the host's. */
  readonly unified: boolean
}

export function surveyedHardware(machine: Machine, engine: Engine, request: RunRequest): SurveyedHardware {
  const host = hostRoom(machine, {}, request)
  return {
    machine,
    groups: deviceGroups(machine, engine).map((devices) => groupOf(devices, request)),
    hostFree: host && freeOf(host),
    backends: [...new Set(machine.devices.map(({ backend }) => backend))].toSorted().join(),
  }
}

function groupOf(devices: DeviceGroup, request: RunRequest): SurveyedGroup {
  const rooms = devices.map((device) => freeOf(deviceRoom(device, {}, request)))
  const [first] = devices
  const areEqual = devices.every(
    ({ architecture }, at) => architecture === first!.architecture && rooms[at] === rooms[0],
  )
  return {
    devices,
    rooms,
    free: rooms.reduce<number>((sum, room) => sum + Math.max(0, room), 0),
    drivers: devices.map(({ backend, architecture }) => `${backend} ${architecture}`).join(),
    ...(areEqual && { equal: `${devices.length} ${first!.backend} ${first!.architecture}` }),
    unified: devices.some(({ unified }) => unified),
  }
}
