import type { Engine } from '../engines/engine.ts'
import type { Device, Machine } from '../machine/machine.ts'
import { estimateMemory } from '../memory/estimate.ts'
import { overhead, type Overhead, PROCESS_MEMORY } from '../memory/overhead.ts'
import type { DeviceBuffers, RunMemory } from '../memory/run-memory.ts'
import type { RunSettings } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import { type Bytes, bytes, sumBytes } from '../units.ts'
import { layoutOf, splitModeOf } from './layout.ts'
import { deviceRoom, freeOf, type HeldMemory, hostRoom, type Room } from './room.ts'
import { rules } from './rules/index.ts'
import type { LayerSplit, Placement, PlaceMemory, Reason } from './verdict.ts'

/** Everything that stays the same while splits are compared. */
export interface Workplace {
  readonly model: Model
  readonly machine: Machine
  readonly engine: Engine
  readonly settings: RunSettings
  readonly held: HeldMemory
}

/** A split with its memory counted, and every reason why it must not be started; none when it may. */
export interface Judged {
  readonly placement: Placement
  readonly reasons: readonly Reason[]
}

/**
 * What one split needs on every place of the machine, used or not, and which rules it breaks. All reasons are kept. A
 * layout that a split cannot state, as an engine makes one of its own, is given beside it.
 */
export function judgeSplit(split: LayerSplit, workplace: Workplace, layout = layoutOf(split)): Judged {
  const settings: RunSettings = { ...workplace.settings, splitMode: splitModeOf(split) }
  const memory = estimateMemory({ model: workplace.model, settings, layout })
  const placement: Placement = {
    machine: workplace.machine.id,
    model: workplace.model.name,
    engine: workplace.engine.id,
    engineVersion: workplace.engine.version,
    settings,
    split,
    memory: placesMemory(split, memory, { ...workplace, settings }),
    pipelineParallel: memory.pipelineParallel,
    flashAttention: memory.flashAttention,
  }
  return { placement, reasons: rules.flatMap((rule) => rule(placement, workplace)) }
}

/** Every device of the machine in the engine's order, then the host. */
function placesMemory(split: LayerSplit, memory: RunMemory, workplace: Workplace): readonly PlaceMemory[] {
  const devices = workplace.machine.devices.toSorted((left, right) => left.index - right.index)
  const places = devices.map((device) => deviceMemory(device, split, memory, workplace))
  const onUnified = sumBytes(places.filter((_, at) => devices[at]!.unified).map(({ required }) => required))
  return [...places, hostMemory(memory, onUnified, workplace)]
}

interface Need {
  readonly model: Bytes
  readonly context: Bytes
  readonly compute: Bytes
  readonly overhead: Bytes
  readonly atFirstPrompt: Bytes
}

const NOTHING: Need = {
  model: bytes(0),
  context: bytes(0),
  compute: bytes(0),
  overhead: bytes(0),
  atFirstPrompt: bytes(0),
}

const sumOf = ({ model, context, compute, overhead: beside }: Need): Bytes =>
  sumBytes([model, context, compute, beside])

function withRoom(need: Need, room: Room): Need & Room & { readonly required: Bytes; readonly headroom: Bytes } {
  const required = sumOf(need)
  const { capacity, used, margin } = room
  return { ...need, required, capacity, used, margin, headroom: bytes(freeOf(room) - required) }
}

function deviceMemory(device: Device, split: LayerSplit, memory: RunMemory, workplace: Workplace): PlaceMemory {
  const { model, settings, held } = workplace
  const position = split.devices.findIndex((one) => one.device === device.id)
  // In split mode tensor every device holds a part of the output layer.
  const holdsOutput = split.tensor || position === split.devices.findLastIndex(({ layers }) => layers > 0)
  const { flashAttention } = memory
  const deviceCount = split.devices.length
  const beside =
    position === -1 ? undefined : overhead({ device, deviceCount, model, settings, flashAttention, holdsOutput })
  const need = beside ? withOverhead(memory.devices[position]!, beside) : NOTHING
  return {
    place: { kind: 'device', device: device.id },
    ...withRoom(need, deviceRoom(device, held, settings)),
    certainty: { ...memory.certainty, overhead: beside?.certainty ?? 'exact' },
  }
}

/** A device that is seen but computes nothing holds the driver's context alone. */
function withOverhead(buffers: DeviceBuffers, { atLoad, atFirstPrompt }: Overhead): Need {
  const grown = buffers.compute > 0 ? atFirstPrompt : bytes(0)
  return { ...buffers, overhead: bytes(atLoad + grown), atFirstPrompt: grown }
}

/** Devices that share the host's memory take theirs out of it, so the host counts it as held. */
function hostMemory(memory: RunMemory, onUnified: Bytes, workplace: Workplace): PlaceMemory {
  const { model, context, compute, output } = memory.host
  const need: Need = { model, context, compute, overhead: bytes(output + PROCESS_MEMORY), atFirstPrompt: bytes(0) }
  const certainty = { ...memory.certainty, overhead: 'assumed' } as const
  const room = hostRoom(workplace.machine, workplace.held, workplace.settings)
  if (room) {
    const shared: Room = { ...room, used: bytes(room.used + onUnified) }
    return { place: { kind: 'host' }, ...withRoom(need, shared), certainty }
  }
  const required = sumOf(need)
  const unknown: Room = { capacity: required, used: bytes(0), margin: bytes(0) }
  return { place: { kind: 'host' }, ...withRoom(need, unknown), capacityUnknown: true, certainty }
}
