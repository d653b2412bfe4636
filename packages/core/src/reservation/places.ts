import type { DeviceId } from '../ids.ts'
import type { Device, Machine } from '../machine/machine.ts'
import type { Place, Placement } from '../placement/verdict.ts'
import { fail, ok, type Result } from '../result.ts'
import { type Bytes, bytes, type Instant, sumBytes } from '../units.ts'
import { type Claim, heldAt, peakOf } from './claims.ts'
import type { TimeWindow } from './window.ts'

/** Bytes asked of one place. */
export interface PlaceBytes {
  readonly place: Place
  readonly bytes: Bytes
}

/** What then counts on it. */
export interface CountedPlace extends PlaceBytes {
  /** Of the host: what lies in devices that share its memory. */
  readonly shared: Bytes
  readonly capacity: Bytes
}

export type PlacesIssue =
  | { readonly code: 'unknown-device'; readonly at: number; readonly device: DeviceId }
  | { readonly code: 'named-twice'; readonly at: number }
  | { readonly code: 'host-memory-unknown'; readonly at: number }

/** What may be reserved of a device is all that a plan may use: the reserve that the team keeps back is off already. */
export const reservableOf = ({ memoryTotal }: Pick<Device, 'memoryTotal'>): Bytes => memoryTotal

/**
 * Where bytes count: those of a device that shares the host's memory count on the host as well. Where nobody told what the
 * host has, the device's own limit is all there is to hold them to.
 */
export function countedPlaces(
  machine: Machine,
  memory: readonly PlaceBytes[],
): Result<readonly CountedPlace[], PlacesIssue> {
  const devices = new Map(machine.devices.map((device) => [device.id, device]))
  const counted = new Map<string, CountedPlace>()
  let shared = 0
  for (const [at, { place, bytes: asked }] of memory.entries()) {
    if (counted.has(keyOf(place))) return fail({ code: 'named-twice', at })
    const device = place.kind === 'device' ? devices.get(place.device) : undefined
    if (place.kind === 'device' && device === undefined) {
      return fail({ code: 'unknown-device', at, device: place.device })
    }
    const capacity = device === undefined ? machine.hostMemoryTotal : reservableOf(device)
    if (capacity === undefined) return fail({ code: 'host-memory-unknown', at })
    counted.set(keyOf(place), { place, bytes: asked, shared: bytes(0), capacity })
    if (device?.unified) shared += asked
  }
  return ok(withShared(counted, bytes(shared), machine))
}

function withShared(
  counted: ReadonlyMap<string, CountedPlace>,
  shared: Bytes,
  { hostMemoryTotal: capacity }: Machine,
): readonly CountedPlace[] {
  if (shared === 0 || capacity === undefined) return [...counted.values()]
  const place: Place = { kind: 'host' }
  const own = counted.get(keyOf(place))?.bytes ?? 0
  const host = { place, bytes: bytes(own + shared), shared, capacity }
  return [...[...counted.values()].filter((one) => one.place.kind === 'device'), host]
}

/** A place as a key: empty for the host, which no device's id is. */
export const keyOf = (place: Place): string => (place.kind === 'host' ? '' : place.device)

/** What a placement takes of each place; of a host whose memory nobody told, nothing can be reserved. */
export const reservedBy = ({ memory }: Pick<Placement, 'memory'>): readonly PlaceBytes[] =>
  memory
    .filter(({ required, capacityUnknown }) => required > 0 && capacityUnknown !== true)
    .map(({ place, required }) => ({ place, bytes: required }))

/** Claims on one machine by `keyOf` their place, none of them over. */
export type ClaimsByPlace = ReadonlyMap<string, readonly Claim[]>

/** When a machine is looked at, and when its use was measured; null for never. */
export interface LookedAt {
  readonly window: TimeWindow
  readonly readAt: Instant | null
}

type HostFigures = Pick<Machine, 'hostMemoryReserved' | 'hostMemoryReservedWhenRead'>

/** A machine's figures with what is reserved on it: the most in one moment of the window, and what was held when read. */
export function withReserved(
  { devices }: Pick<Machine, 'devices'>,
  claims: ClaimsByPlace,
  when: LookedAt,
): Pick<Machine, 'devices'> & HostFigures {
  const host = reservedIn(claims.get(''), when)
  return {
    devices: devices.map((device) => {
      const { reserved, whenRead } = reservedIn(claims.get(device.id), when)
      return {
        ...device,
        ...(reserved > 0 && { memoryReserved: reserved }),
        ...(whenRead > 0 && { memoryReservedWhenRead: whenRead }),
      }
    }),
    ...(host.reserved > 0 && { hostMemoryReserved: host.reserved }),
    ...(host.whenRead > 0 && { hostMemoryReservedWhenRead: host.whenRead }),
  }
}

const reservedIn = (claims: readonly Claim[] = [], { window, readAt }: LookedAt) => ({
  reserved: peakOf(claims, window).bytes,
  whenRead: readAt === null ? bytes(0) : sumBytes(heldAt(claims, readAt).map((claim) => claim.bytes)),
})
