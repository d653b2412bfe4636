import type { Machine } from '../machine/machine.ts'
import type { RunRequest } from '../memory/settings.ts'
import { type Bytes, bytes, sumBytes } from '../units.ts'
import { freeOf, type HeldMemory, hostRoom, type Room } from './room.ts'
import type { PlaceMemory } from './verdict.ts'

/** What a run asks of one place. */
export interface Need {
  readonly model: Bytes
  readonly context: Bytes
  readonly compute: Bytes
  readonly overhead: Bytes
  readonly atFirstPrompt: Bytes
}

export const NOTHING: Need = {
  model: bytes(0),
  context: bytes(0),
  compute: bytes(0),
  overhead: bytes(0),
  atFirstPrompt: bytes(0),
}

const sumOf = ({ model, context, compute, overhead: beside }: Need): Bytes =>
  sumBytes([model, context, compute, beside])

/** With what the place has, and what is left of that. */
export function withRoom(need: Need, room: Room): Need & Room & { readonly required: Bytes; readonly headroom: Bytes } {
  const required = sumOf(need)
  return { ...need, required, ...room, headroom: bytes(freeOf(room) - required) }
}

interface HostNeed {
  readonly need: Need
  readonly certainty: PlaceMemory['certainty']
  /** What devices that share the host's memory take out of it: the host counts it as held. */
  readonly onUnified: Bytes
}

/** The host as a place; where no tool says what it holds, it is taken to hold what is asked of it. */
export function hostPlace(
  { need, certainty, onUnified }: HostNeed,
  about: { readonly machine: Machine; readonly held: HeldMemory; readonly settings: RunRequest },
): PlaceMemory {
  const room = hostRoom(about.machine, about.held, about.settings)
  if (room) {
    const shared: Room = { ...room, used: bytes(room.used + onUnified) }
    return { place: { kind: 'host' }, ...withRoom(need, shared), certainty }
  }
  const required = sumOf(need)
  const unknown: Room = { capacity: required, used: bytes(0), margin: bytes(0) }
  return { place: { kind: 'host' }, ...withRoom(need, unknown), capacityUnknown: true, certainty }
}
