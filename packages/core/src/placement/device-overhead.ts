import type { Machine } from '../machine/machine.ts'
import { type Overhead, overhead } from '../memory/overhead.ts'
import type { Model } from '../model/model.ts'
import { outputDevice } from './layout.ts'
import type { Place, Placement } from './verdict.ts'

/** What the driver takes on one place of a placement, term by term; undefined on the host and on devices left out. */
export function deviceOverhead(
  placement: Placement,
  place: Place,
  about: { readonly model: Model; readonly machine: Machine },
): Overhead | undefined {
  const { settings, flashAttention, split } = placement
  const device = place.kind === 'device' ? about.machine.devices.find(({ id }) => id === place.device) : undefined
  if (!device || split.devices.every((one) => one.device !== device.id)) return undefined
  const holdsOutput = split.tensor || split.devices[outputDevice(split, about.model, settings)]?.device === device.id
  return overhead({
    device,
    deviceCount: split.devices.length,
    model: about.model,
    settings,
    flashAttention,
    holdsOutput,
  })
}
