import type { DeviceId } from '../ids.ts'
import { inEngineOrder, type Machine } from '../machine/machine.ts'
import { heldInAll, heldOnDevice, heldOnHost } from '../machine/memory-held.ts'
import { PROCESS_MEMORY } from '../memory/overhead.ts'
import type { Model } from '../model/model.ts'
import { type Bytes, bytes, sumBytes } from '../units.ts'
import { deviceOverhead } from './device-overhead.ts'
import type { Place, Placement, PlaceMemory } from './verdict.ts'

/** A model with its placement, which was planned as if it ran alone. */
export interface Resident {
  readonly model: Model
  readonly placement: Placement
}

export interface CreationStep {
  /** Position among the residents. */
  readonly resident: number
  /** weights: the model is loaded. context: cache and compute buffers. first-prompt: what the driver's pools grow by. */
  readonly event: 'weights' | 'context' | 'first-prompt'
}

export interface CreationInput {
  readonly machine: Machine
  readonly residents: readonly Resident[]
  /** As in a program that uses a library: the driver's context and its modules are there once a device. */
  readonly oneProcess: boolean
}

export interface PlaceMoment {
  readonly place: Place
  /** By all residents together. */
  readonly held: Bytes
  /** Of what others leave of the place, no margin kept; negative where it lacks. Undefined where nothing tells. */
  readonly left: Bytes | undefined
}

export interface CreationMoment {
  readonly step: CreationStep
  /** Once the step is done, every device of the machine in the engine's order, then the host. */
  readonly places: readonly PlaceMoment[]
}

export interface MemoryOverTime {
  /** The last is the one that fails, if any does. */
  readonly moments: readonly CreationMoment[]
  readonly failure?: { readonly step: CreationStep; readonly place: Place; readonly lacking: Bytes }
}

/**
 * What every place holds after each step, until one asks for more than there is. Nothing is given back between steps, so
 * the sum after all of them does not depend on their order; which step fails does. As sure as the placements' figures.
 */
export function memoryOverTime(input: CreationInput, steps: readonly CreationStep[]): MemoryOverTime {
  const rooms = roomsOf(input.machine)
  const opened = new Set<string>()
  const moments: CreationMoment[] = []
  let held: readonly Bytes[] = rooms.map(() => bytes(0))
  for (const step of steps) {
    const added = addedBy(step, input, opened)
    held = held.map((before, at) => sumBytes([before, added[at]!]))
    const places = momentOf(rooms, held)
    moments.push({ step, places })
    const short = places.find(({ left }) => left !== undefined && left < 0)
    if (short) return { moments, failure: { step, place: short.place, lacking: bytes(-short.left!) } }
  }
  return { moments }
}

/** Each loaded, given its context and prompted before the next is touched: what fails is then never one that runs. */
export const oneAfterTheOther = (residents: number): readonly CreationStep[] =>
  each(residents, (resident) => [step(resident, 'weights'), step(resident, 'context'), step(resident, 'first-prompt')])

/** All loaded with their contexts, then prompted. */
export const contextsAtOnce = (residents: number): readonly CreationStep[] => [
  ...each(residents, (resident) => [step(resident, 'weights'), step(resident, 'context')]),
  ...each(residents, (resident) => [step(resident, 'first-prompt')]),
]

/** All loaded; each context is created when its model is first asked, in this order. */
export const contextsWhenAsked = (asked: readonly number[]): readonly CreationStep[] => [
  ...each(asked.length, (resident) => [step(resident, 'weights')]),
  ...asked.flatMap((resident) => [step(resident, 'context'), step(resident, 'first-prompt')]),
]

const step = (resident: number, event: CreationStep['event']): CreationStep => ({ resident, event })

const each = (residents: number, steps: (resident: number) => readonly CreationStep[]): readonly CreationStep[] =>
  Array.from({ length: residents }, (_, resident) => steps(resident)).flat()

interface ResidentRoom {
  readonly place: Place
  /** What others leave of the place. */
  readonly room: Bytes | undefined
  /** Has no memory of its own, and takes it out of the host's. */
  readonly unified: boolean
}

/** In the order of a placement's memory. */
const roomsOf = (machine: Machine): readonly ResidentRoom[] => [
  ...inEngineOrder(machine.devices).map((device) => ({
    place: { kind: 'device', device: device.id } as const,
    room: bytes(device.memoryTotal - heldInAll(heldOnDevice(device))),
    unified: device.unified,
  })),
  {
    place: { kind: 'host' },
    room:
      machine.hostMemoryTotal === undefined
        ? undefined
        : bytes(machine.hostMemoryTotal - heldInAll(heldOnHost(machine))),
    unified: false,
  },
]

function momentOf(rooms: readonly ResidentRoom[], held: readonly Bytes[]): readonly PlaceMoment[] {
  const onUnified = sumBytes(held.filter((_, at) => rooms[at]!.unified))
  return rooms.map(({ place, room }, at) => {
    const taken = sumBytes([held[at]!, ...(place.kind === 'host' ? [onUnified] : [])])
    return { place, held: held[at]!, left: room === undefined ? undefined : bytes(room - taken) }
  })
}

/** What a step takes of every place. */
function addedBy(
  { resident, event }: CreationStep,
  { residents, machine, oneProcess }: CreationInput,
  opened: Set<string>,
): readonly Bytes[] {
  const { model, placement } = residents[resident]!
  /** Once for all residents of a process, else once a resident. */
  const isNew = (what: string): boolean => {
    const key = oneProcess ? what : `${what} of ${resident}`
    if (opened.has(key)) return false
    opened.add(key)
    return true
  }
  return placement.memory.map((memory) => {
    const { place, context, compute } = memory
    if (place.kind === 'host') return hostAdded(memory, event, isNew)
    const terms = deviceOverhead(placement, place, { model, machine })?.terms ?? []
    const driver = (when: 'load' | 'first-prompt'): Bytes =>
      sumBytes(
        terms
          .filter((term) => term.when === when && (!term.shared || isNew(keyOf(place.device, term.name))))
          .map((term) => term.bytes),
      )
    if (event === 'weights') return sumBytes([memory.model, driver('load')])
    if (event === 'context') return sumBytes([context, compute])
    // A device that computes nothing holds the driver's context alone.
    return compute > 0 ? driver('first-prompt') : bytes(0)
  })
}

const keyOf = (device: DeviceId, term: string): string => `${device} ${term}`

function hostAdded(memory: PlaceMemory, event: CreationStep['event'], isNew: (what: string) => boolean): Bytes {
  const { model, context, compute, overhead } = memory
  if (event === 'weights') return sumBytes([model, isNew('process') ? PROCESS_MEMORY : bytes(0)])
  if (event === 'context') return sumBytes([context, compute, bytes(overhead - PROCESS_MEMORY)])
  return bytes(0)
}
