import type { Engine } from '../engines/engine.ts'
import { type Device, inEngineOrder, type Machine } from '../machine/machine.ts'
import { estimateMemory } from '../memory/estimate.ts'
import { overhead, type Overhead, PROCESS_MEMORY } from '../memory/overhead.ts'
import type { ReplayMemo } from '../memory/replay-memo.ts'
import type { DeviceBuffers, RunMemory } from '../memory/run-memory.ts'
import type { RunSettings } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import { type Bytes, bytes, sumBytes } from '../units.ts'
import { layoutOf, outputDevice, splitModeOf } from './layout.ts'
import { hostPlace, type Need, NOTHING, withRoom } from './place-memory.ts'
import { deviceRoom, type HeldMemory } from './room.ts'
import { rules } from './rules/index.ts'
import type { LayerSplit, Placement, PlaceMemory, Reason } from './verdict.ts'

/** Everything that stays the same while splits are compared. */
export interface Workplace {
  readonly model: Model
  readonly machine: Machine
  readonly engine: Engine
  readonly settings: RunSettings
  readonly held: HeldMemory
  /** Where what was replayed before is found again. */
  readonly replays?: ReplayMemo
}

/** A split with its memory counted, and every reason why it must not be started; none when it may. */
export interface Judged {
  readonly placement: Placement
  readonly reasons: readonly Reason[]
}

export const isAccepted = ({ reasons }: Pick<Judged, 'reasons'>): boolean => reasons.length === 0

/**
 * What one split needs on every place of the machine, used or not, and which rules it breaks. All reasons are kept. A
 * layout that a split cannot state, as an engine makes one of its own, is given beside it.
 */
export function judgeSplit(split: LayerSplit, workplace: Workplace, layout = layoutOf(split)): Judged {
  const settings: RunSettings = { ...workplace.settings, splitMode: splitModeOf(split) }
  const { model, replays } = workplace
  const memory = estimateMemory({ model, settings, layout, ...(replays && { replays }) })
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
  const devices = inEngineOrder(workplace.machine.devices)
  const places = devices.map((device) => deviceMemory(device, split, memory, workplace))
  const onUnified = sumBytes(places.filter((_, at) => devices[at]!.unified).map(({ required }) => required))
  return [...places, hostMemory(memory, onUnified, workplace)]
}

function deviceMemory(device: Device, split: LayerSplit, memory: RunMemory, workplace: Workplace): PlaceMemory {
  const { model, settings, held } = workplace
  const position = split.devices.findIndex((one) => one.device === device.id)
  // In split mode tensor every device holds a part of the output layer.
  const holdsOutput = split.tensor || position === outputDevice(split, model, settings)
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

/** Everything that the run keeps on the host, with the process itself. */
function hostMemory(memory: RunMemory, onUnified: Bytes, workplace: Workplace): PlaceMemory {
  const { model, context, compute, output } = memory.host
  const need: Need = { model, context, compute, overhead: bytes(output + PROCESS_MEMORY), atFirstPrompt: bytes(0) }
  const certainty = { ...memory.certainty, overhead: 'assumed' } as const
  return hostPlace({ need, certainty, onUnified }, workplace)
}
