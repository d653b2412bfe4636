import type { Device } from '../../machine/machine.ts'
import { type AnyPlanInput, isExl2Engine } from '../../placement/plan-model.ts'
import type { Bytes } from '../../units.ts'
import type { Inventory, MachineToday } from './inventory.ts'

type Judged = Pick<AnyPlanInput, 'engine' | 'request' | 'split'>

/**
 * What is to be judged to learn whether a saved split still holds: that split, of an engine that is told one; an engine
 * that places layers itself is asked anew.
 */
export function askedAsSaved<Asked extends Judged>(asked: Asked, { split, offloadKqv }: Inventory): Asked {
  if (!split || isExl2Engine(asked.engine) || asked.engine.controls.placesItself) return asked
  return { ...asked, split, ...(offloadKqv !== undefined && { request: { ...asked.request, offloadKqv } }) }
}

/**
 * The machine of now with as much held by others as then: a plan that runs by now is measured too, and a neighbour that
 * comes and goes is no change of the machine.
 */
export function heldAsSaved<Now extends MachineToday>(machine: Now, { devices, host }: Inventory): Now {
  const held = new Map(devices.map((device) => [device.id, device.held]))
  return {
    ...(host ? withHostHeld(machine, host.held) : machine),
    devices: machine.devices.map((device) => withHeld(device, held.get(device.id))),
  }
}

/** All that is held stands as measured: what was promised then is in it. */
function withHostHeld<Now extends MachineToday>(machine: Now, hostMemoryUsed: Bytes): Now {
  const { hostMemoryReserved: _promised, hostMemoryReservedWhenRead: _then, ...rest } = machine
  return { ...(rest as Now), hostMemoryUsed }
}

function withHeld(device: Device, memoryUsed: Bytes | undefined): Device {
  if (memoryUsed === undefined) return device
  const { memoryReserved: _promised, memoryReservedWhenRead: _then, ...rest } = device
  return { ...rest, memoryUsed }
}
