import type { Effort } from '../search/fastest.ts'
import { type Begun, mayReachEnd } from '../search/reach.ts'
import type { DeviceRoom } from '../search/segments.ts'
import type { JointOption } from './options.ts'
import { leftFor, type Taken, withHost } from './taken.ts'

export interface JointProblem {
  /** The shapes of every tenant, those to be tried first in front; one at least. */
  readonly tenants: readonly (readonly JointOption[])[]
  /** Devices of the machine. */
  readonly deviceCount: number
  /** Equal for devices that may stand in for each other, by position; undefined where none may. */
  readonly keys: readonly number[] | undefined
  /** Counted down. The whole space was looked at where some of both is left. */
  readonly effort: Effort
}

export const isSpent = ({ steps, replays }: Effort): boolean => steps <= 0 || replays <= 0

/** Necessary conditions of a joint placement. A no is certain, as far as no need is guessed too high. */
export interface Bounds {
  /** Whether a chain of this shape that has begun may have room for the rest. */
  readonly mayEnd: (option: JointOption, taken: Taken, begun: Begun) => boolean
  /** Whether one that has not begun may. */
  readonly hasRoom: (option: JointOption, taken: Taken) => boolean
  /** Whether each tenant from one on, by itself, may have room, and all of them and `bytes` more in sum. */
  readonly laterMayFit: (tenant: number, taken: Taken, bytes?: number) => boolean
}

export function newBounds({ tenants, deviceCount, effort }: JointProblem): Bounds {
  const least = tenants.map((_, tenant) => leastFrom(tenants, tenant))
  const free = Array.from({ length: deviceCount }, (_, position) => mostFree(tenants.flat(), position))
  /** By tenant, the shape that last had room: the next question is nearly the same. */
  const lastFit = tenants.map((options) => options[0]!)

  const mayEnd: Bounds['mayEnd'] = (option, taken, begun) => {
    const { problem, least: needs } = option.needs()
    const input = { problem, least: needs, rooms: roomsFor(option, taken), reorder: option.bench.reorder, effort }
    return mayReachEnd(input, begun)
  }
  const hasRoom: Bounds['hasRoom'] = (option, taken) =>
    withHost(taken, option, option.hostLeast) !== undefined &&
    mayEnd(option, taken, { used: 0, device: -1, end: option.bench.shape.hostBlocks })
  return {
    mayEnd,
    hasRoom,
    laterMayFit: (tenant, taken, bytes = 0) => {
      const { devices, host } = least[tenant] ?? { devices: 0, host: 0 }
      if (bytes + devices > leftInAll(free, taken) || taken.host + host > taken.hostLimit) return false
      return tenants.slice(tenant).every((options, at) => {
        if (hasRoom(lastFit[tenant + at]!, taken)) return true
        const fitting = options.find((option) => hasRoom(option, taken))
        if (fitting) lastFit[tenant + at] = fitting
        return fitting !== undefined
      })
    },
  }
}

/** What the tenants from one on take at least of all devices together, and of the host. */
function leastFrom(
  tenants: JointProblem['tenants'],
  from: number,
): { readonly devices: number; readonly host: number } {
  const sum = (of: (option: JointOption) => number): number =>
    tenants.slice(from).reduce((total, options) => total + Math.min(...options.map(of)), 0)
  return { devices: sum(({ devicesLeast }) => devicesLeast), host: sum(({ hostLeast }) => hostLeast) }
}

const mostFree = (options: readonly JointOption[], position: number): number =>
  Math.max(0, ...options.map(({ positions, free }) => free[positions.indexOf(position)] ?? 0))

const leftInAll = (free: readonly number[], { limits, devices }: Taken): number =>
  free.reduce((sum, most, at) => sum + Math.max(0, Math.min(most, limits[at]!) - devices[at]!), 0)

function roomsFor(option: JointOption, taken: Taken): readonly DeviceRoom[] {
  const left = leftFor(option, taken)
  return option.driver.map(({ withoutOutput, withOutput }, device) => ({
    withoutOutput: left[device]! - withoutOutput,
    withOutput: left[device]! - withOutput,
    unit: 1,
  }))
}
