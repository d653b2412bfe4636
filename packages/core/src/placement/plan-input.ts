import type { Engine } from '../engines/engine.ts'
import type { DeviceId } from '../ids.ts'
import type { Machine } from '../machine/machine.ts'
import { heldInAll, heldOnDevice, heldOnHost } from '../machine/memory-held.ts'
import type { ReplayMemo } from '../memory/replay-memo.ts'
import type { RunRequest } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import type { Mix } from '../quantize/mix.ts'
import { type Bytes, bytes } from '../units.ts'
import type { Workplace } from './judge.ts'
import type { PreferenceId } from './preferences/index.ts'
import type { HeldMemory } from './room.ts'
import type { Placement } from './verdict.ts'

/** A model to be run, and how. */
export interface Tenant {
  readonly model: Model
  readonly engine: Engine
  readonly request: RunRequest
}

/** Positions of tenants, the largest first: it has the least choice. */
export const largestFirst = (tenants: readonly Tenant[]): readonly number[] =>
  tenants
    .map((_, at) => at)
    .toSorted((left, right) => tenants[right]!.model.weightBytes - tenants[left]!.model.weightBytes)

/** What the machine's memory holds before a plan. */
export interface Occupancy {
  /** Held by other tenants, by device; a device that is missing holds what is reserved and what was last measured on it. */
  readonly used?: ReadonlyMap<DeviceId, Bytes>
  /** Held by others in the host's memory; what is reserved and what was last measured when absent. */
  readonly hostUsed?: Bytes
}

/** Another file of a model, by the name that a remedy calls it. */
export interface Alternative {
  readonly name: string
  /** What the file says it is. */
  readonly mix?: Mix
  readonly model: Model
}

export interface PlanInput extends Tenant, Occupancy {
  readonly machine: Machine
  /** What makes one fitting placement better than another; headroom on the tightest device when absent. */
  readonly preference?: PreferenceId
  /** Whom `room-for-another` leaves room for. */
  readonly other?: Tenant
  /** Other files of the same model: a smaller one is a remedy. Asked for only where the model does not fit. */
  readonly alternatives?: () => readonly Alternative[]
  /** Where what was replayed before is found again: for who plans many files of a model, or on many machines. */
  readonly replays?: ReplayMemo
}

export const heldOf = ({ used, hostUsed }: Occupancy): HeldMemory => ({
  ...(used && { devices: used }),
  ...(hostUsed !== undefined && { host: hostUsed }),
})

export function workplaceOf(input: PlanInput): Workplace {
  const { model, machine, engine, request, replays } = input
  const settings = engine.settings(request, model)
  return { model, machine, engine, settings, held: heldOf(input), ...(replays && { replays }) }
}

/** The machine's memory with these placements running on it, each at its fullest, which is its first prompt. */
export function occupiedBy(
  placements: readonly Placement[],
  { machine, used, hostUsed }: Occupancy & { readonly machine: Machine },
): Required<Occupancy> {
  const devices = new Map(
    machine.devices.map((device) => [device.id, used?.get(device.id) ?? heldInAll(heldOnDevice(device))]),
  )
  let host: number = hostUsed ?? heldInAll(heldOnHost(machine))
  const unified = new Set(machine.devices.filter((device) => device.unified).map(({ id }) => id))
  for (const { place, required } of placements.flatMap(({ memory }) => memory)) {
    if (place.kind === 'device') devices.set(place.device, bytes(devices.get(place.device)! + required))
    if (place.kind === 'host' || unified.has(place.device)) host += required
  }
  return { used: devices, hostUsed: bytes(host) }
}
