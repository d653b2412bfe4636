import type { Device, Machine } from '../../machine/machine.ts'
import { driverContext } from '../../memory/driver-context.ts'
import type { RunRequest } from '../../memory/settings.ts'
import type { Occupancy } from '../../placement/plan-input.ts'
import type { PreferenceId } from '../../placement/preferences/index.ts'
import { deviceRoom, freeOf, type HeldMemory } from '../../placement/room.ts'
import { type Bytes, bytes } from '../../units.ts'
import type { Exl2Engine } from '../engines/exl2-engine.ts'
import type { Exl2Model } from '../model.ts'

/** An EXL2 or EXL3 model to be run on a machine. */
export interface Exl2PlanInput extends Occupancy {
  readonly machine: Machine
  readonly model: Exl2Model
  readonly engine: Exl2Engine
  readonly request: RunRequest
  /** What makes one fitting placement better than another; headroom on the tightest device when absent. */
  readonly preference?: PreferenceId
  /** Other folders of the same model, by the name that a remedy calls each. Asked for only where it does not fit. */
  readonly alternatives?: () => readonly { readonly name: string; readonly model: Exl2Model }[]
}

export const heldOf = ({ used, hostUsed }: Occupancy): HeldMemory => ({
  ...(used && { devices: used }),
  ...(hostUsed !== undefined && { host: hostUsed }),
})

/** What the process may take on a device, its driver context made; an engine knows nothing of a margin. */
export function availableOn(device: Device, { request, ...occupancy }: Exl2PlanInput): Bytes {
  const room = deviceRoom(device, heldOf(occupancy), { ...request, margin: bytes(0), deviceMargins: [] })
  return bytes(Math.max(0, freeOf(room) - driverContext(device).bytes))
}

/** The same less the margin: negative where the device is fuller than that. */
export function plannableOn(device: Device, { request, ...occupancy }: Exl2PlanInput): number {
  return freeOf(deviceRoom(device, heldOf(occupancy), request)) - driverContext(device).bytes
}
