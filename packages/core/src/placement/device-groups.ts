import type { Engine } from '../engines/engine.ts'
import { ordersDevices } from '../engines/visible-devices.ts'
import type { DeviceId } from '../ids.ts'
import { type Device, inEngineOrder, type Machine } from '../machine/machine.ts'
import { isCutIntoSlices } from '../machine/mig.ts'
import type { DeviceRefusal } from './verdict.ts'

/** What of an engine decides which devices it can use. */
export type DrivingEngine = Pick<Engine, 'backends'> & { readonly controls: Pick<Engine['controls'], 'deviceOrder'> }

/** Devices that one process of the engine can use together, in the order in which it enumerates them. */
export type DeviceGroup = readonly Device[]

/** A build drives one backend; a process sees one MIG slice, and a card that is cut into slices runs nothing itself. */
export function deviceGroups(machine: Machine, engine: DrivingEngine): readonly DeviceGroup[] {
  const usable = inEngineOrder(machine.devices).filter((device) => refusalOf(device, machine, engine) === undefined)
  const whole = usable.filter(({ migParent }) => migParent === undefined)
  const slices = usable.filter(({ migParent }) => migParent !== undefined)
  const backends = [...new Set(whole.map(({ backend }) => backend))]
  return [
    ...backends.map((backend) => whole.filter((device) => device.backend === backend)),
    ...slices.map((one) => [one]),
  ]
}

/** Why a device can hold nothing of any plan; undefined when it can. */
export function refusalOf(device: Device, machine: Machine, engine: DrivingEngine): DeviceRefusal | undefined {
  if (!engine.backends.includes(device.backend)) return 'backend-not-supported'
  return isCutIntoSlices(device, machine) ? 'mig-parent' : undefined
}

export interface RefusedDevice {
  readonly device: DeviceId
  readonly because: DeviceRefusal
}

/** Why devices named by hand cannot run together, in the order they were named. */
export function refusedDevices(
  ids: readonly DeviceId[],
  machine: Machine,
  engine: DrivingEngine,
): readonly RefusedDevice[] {
  const refused: RefusedDevice[] = []
  let last: Device | undefined
  const named = new Set<DeviceId>()
  for (const id of ids) {
    const device = machine.devices.find((one) => one.id === id)
    const because = device
      ? (refusalOf(device, machine, engine) ?? refusalAfter(device, last, named, engine))
      : 'unknown-device'
    if (because) refused.push({ device: id, because })
    last = device ?? last
    named.add(id)
  }
  return refused
}

function refusalAfter(
  device: Device,
  previous: Device | undefined,
  named: ReadonlySet<DeviceId>,
  engine: DrivingEngine,
): DeviceRefusal | undefined {
  if (named.has(device.id)) return 'named-twice'
  if (!previous) return undefined
  if (device.backend !== previous.backend) return 'other-backend'
  if (device.migParent !== undefined || previous.migParent !== undefined) return 'mig-slice-with-others'
  const mayReorder = engine.controls.deviceOrder && ordersDevices([previous, device])
  return device.index < previous.index && !mayReorder ? 'out-of-order' : undefined
}
