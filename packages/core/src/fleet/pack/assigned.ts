import type { Machine } from '../../machine/machine.ts'
import type { DemandOptions, PackOption } from './options.ts'
import { type ByPlace, roomOf } from './room.ts'

/** A replica with the devices that take its parts. */
export interface Assigned {
  readonly demand: number
  readonly machine: number
  readonly option: PackOption
  /** Positions of the machine's devices, by position in the split. */
  readonly devices: readonly number[]
}

/** What replicas leave of a machine. */
export interface Left {
  /** Has room for one more, its margins kept and those of all that lie there. */
  readonly has: (one: Assigned) => boolean
  readonly take: (one: Assigned) => void
  /** Free before margins. */
  readonly free: ByPlace
  /** Free when nothing lay there. */
  readonly before: ByPlace
  /** Whether a replica has a part on a device. */
  readonly isUsed: (device: number) => boolean
}

/** A ledger of one machine; `byDemand` says what margins each demand keeps. */
export function leftOn(machine: Machine, byDemand: readonly DemandOptions[]): Left {
  const before = roomOf(machine)
  const devices = [...before.devices]
  const kept = devices.map(() => 0)
  const used = devices.map(() => false)
  const host = { free: before.host, kept: 0 }
  const has: Left['has'] = (one) => {
    const { margins } = byDemand[one.demand]!
    const fits = needsOf(one).every(
      ({ device, bytes }) => bytes + Math.max(kept[device]!, margins.devices[device]!) <= devices[device]!,
    )
    return fits && hostNeedOf(one, machine) + Math.max(host.kept, margins.host) <= host.free
  }
  const take: Left['take'] = (one) => {
    const { margins } = byDemand[one.demand]!
    for (const { device, bytes } of needsOf(one)) {
      devices[device]! -= bytes
      kept[device] = Math.max(kept[device]!, margins.devices[device]!)
      used[device] = true
    }
    host.free -= hostNeedOf(one, machine)
    host.kept = Math.max(host.kept, margins.host)
  }
  return {
    ...{ has, take, before, isUsed: (device) => used[device]! },
    get free() {
      return { devices, host: host.free }
    },
  }
}

export const needsOf = ({
  option,
  devices,
}: Assigned): readonly { readonly device: number; readonly bytes: number }[] =>
  option.seats.flatMap(({ positions, bytes }) => positions.map((position) => ({ device: devices[position]!, bytes })))

const hostNeedOf = (one: Assigned, { devices }: Machine): number =>
  needsOf(one).reduce((sum, { device, bytes }) => sum + (devices[device]!.unified ? bytes : 0), one.option.host)
