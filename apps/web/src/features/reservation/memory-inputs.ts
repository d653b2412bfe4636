import { type Bytes, GIB, gibibytes, type Machine, type Place, placeName } from '@berth/core'

/** A place of a machine that bytes can be reserved of by hand. */
export interface ReservablePlace {
  readonly place: Place
  readonly key: string
  readonly name: string
  readonly capacity: Bytes
}

const placeKey = (place: Place): string => (place.kind === 'host' ? 'host' : place.device)

/** The GPUs of a machine, and its host's memory where somebody told how much that is. */
export function placesOf(machine: Machine): readonly ReservablePlace[] {
  const devices = machine.devices.map(({ id, memoryTotal }) => ({
    place: { kind: 'device', device: id } as const,
    capacity: memoryTotal,
  }))
  const host = { kind: 'host' } as const
  const { hostMemoryTotal } = machine
  return [...devices, ...(hostMemoryTotal === undefined ? [] : [{ place: host, capacity: hostMemoryTotal }])].map(
    (one) => ({ ...one, key: placeKey(one.place), name: placeName(one.place, machine) }),
  )
}

/** GiB as they are typed, by the key of their place; what is not there is nothing. */
export type TypedMemory = Readonly<Record<string, string>>

/** All of a place in GiB, rounded down so that it never asks for more. */
export const allOf = (capacity: Bytes): string => String(Math.floor((capacity / GIB) * 100) / 100)

export interface MemoryRead {
  readonly memory: readonly { readonly place: Place; readonly bytes: Bytes }[]
  /** What is wrong with a field, by the key of its place. */
  readonly errors: Readonly<Record<string, string>>
}

/** What is typed, in bytes. An empty field, and nothing, reserve nothing. */
export function readMemory(places: readonly ReservablePlace[], typed: TypedMemory): MemoryRead {
  const read = places.map(({ key, place, capacity }) => ({ key, place, ...readSize(typed[key] ?? '', capacity) }))
  return {
    memory: read.flatMap(({ place, size }) => (size === undefined || size === 0 ? [] : [{ place, bytes: size }])),
    errors: Object.fromEntries(read.flatMap(({ key, error }) => (error === undefined ? [] : [[key, error]]))),
  }
}

function readSize(text: string, capacity: Bytes): { readonly size?: Bytes; readonly error?: string } {
  if (text.trim() === '') return {}
  const count = Number(text)
  if (!Number.isFinite(count) || count < 0) return { error: 'It must be a number of GiB.' }
  const size = gibibytes(count)
  return size > capacity ? { error: `It has ${allOf(capacity)} GiB.` } : { size }
}
