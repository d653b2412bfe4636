import type { Device, Machine } from '../../machine/machine.ts'
import { driverContext } from '../../memory/driver-context.ts'
import type { RunRequest } from '../../memory/settings.ts'
import { heldOf, type Occupancy } from '../../placement/plan-input.ts'
import type { PreferenceId } from '../../placement/preferences/index.ts'
import { deviceRoom, freeOf, freeToProcess } from '../../placement/room.ts'
import type { Bytes } from '../../units.ts'
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

/** What the process may take on a device, its driver context made; an engine knows nothing of a margin. */
export const availableOn = (device: Device, input: Exl2PlanInput): Bytes =>
  freeToProcess(device, heldOf(input), input.request)

/** The same less the margin: negative where the device is fuller than that. */
export const plannableOn = (device: Device, input: Exl2PlanInput): number =>
  freeOf(deviceRoom(device, heldOf(input), input.request)) - driverContext(device).bytes
