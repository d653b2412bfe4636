import type { Placement } from '../verdict.ts'
import type { JointOption } from './options.ts'

/** What the tenants placed so far take of a machine, in bytes, by position of the device. */
export interface Taken {
  readonly devices: readonly number[]
  /** What those that use a device leave of it at most, all together: the largest of their margins counts. */
  readonly limits: readonly number[]
  readonly host: number
  readonly hostLimit: number
}

export const nothingTaken = (devices: number): Taken => ({
  devices: Array.from({ length: devices }, () => 0),
  limits: Array.from({ length: devices }, () => Infinity),
  host: 0,
  hostLimit: Infinity,
})

/** What is left for one more tenant of each of its devices; negative where others hold more than it may. */
export const leftFor = ({ positions, free }: JointOption, { devices, limits }: Taken): readonly number[] =>
  positions.map((position, device) => Math.min(free[device]!, limits[position]!) - devices[position]!)

/** Undefined where it is more than there is. */
export function withDevice(taken: Taken, option: JointOption, device: number, bytes: number): Taken | undefined {
  const position = option.positions[device]!
  const limit = Math.min(taken.limits[position]!, option.free[device]!)
  const held = taken.devices[position]! + bytes
  if (held > limit) return undefined
  const next: Taken = {
    ...taken,
    devices: taken.devices.with(position, held),
    limits: taken.limits.with(position, limit),
  }
  return option.unified[device] ? withHost(next, option, bytes) : next
}

/** Undefined where it is more than there is. */
export function withHost(taken: Taken, { hostFree }: JointOption, bytes: number): Taken | undefined {
  const [host, hostLimit] = [taken.host + bytes, Math.min(taken.hostLimit, hostFree)]
  return host > hostLimit ? undefined : { ...taken, host, hostLimit }
}

/** With a placement that was counted, whatever was thought of it before. */
export function withPlacement(taken: Taken, option: JointOption, { memory }: Placement): Taken | undefined {
  let next: Taken | undefined = taken
  for (const { place, required } of memory) {
    if (!next) return undefined
    if (place.kind === 'host') next = withHost(next, option, required)
    else if (required > 0) next = withDevice(next, option, option.ids.indexOf(place.device), required)
  }
  return next
}
