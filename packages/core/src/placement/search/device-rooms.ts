import type { Device } from '../../machine/machine.ts'
import { overhead } from '../../memory/overhead.ts'
import type { Workplace } from '../judge.ts'
import { deviceRoom, freeOf } from '../room.ts'
import type { DeviceRoom } from './segments.ts'

/** What each device has for weights, context and compute buffers once the driver took the least that it may, in bytes. */
export function deviceRooms({ model, settings, held }: Workplace, devices: readonly Device[]): readonly DeviceRoom[] {
  // What `auto` comes to is known after a replay; until then the lesser share, lest a good split is passed over.
  const modes = settings.flashAttention === 'auto' ? [true, false] : [settings.flashAttention === 'on']
  return devices.map((device): DeviceRoom => {
    const room = freeOf(deviceRoom(device, held, settings))
    const [withoutOutput, withOutput] = [false, true].map((holdsOutput) => {
      const needs = modes.map((flashAttention) => {
        const { atLoad, atFirstPrompt } = overhead({ device, model, settings, flashAttention, holdsOutput })
        return atLoad + atFirstPrompt
      })
      return room - Math.min(...needs)
    })
    return { withoutOutput: withoutOutput!, withOutput: withOutput!, unit: 1 }
  })
}
