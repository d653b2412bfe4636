import { type Device, inEngineOrder } from '../../machine/machine.ts'
import { driverContext } from '../../memory/driver-context.ts'
import { leastCertain } from '../../memory/run-memory.ts'
import type { Judged } from '../../placement/judge.ts'
import { hostPlace, type Need, NOTHING, withRoom } from '../../placement/place-memory.ts'
import { deviceRoom } from '../../placement/room.ts'
import type { LayerSplit, MemoryShortage, Placement, PlaceMemory, Reason } from '../../placement/verdict.ts'
import { type Bytes, bytes, gibibytes, groupThousands, sumBytes } from '../../units.ts'
import { type Exl2DeviceMemory, exl2RunBytes } from '../device-memory.ts'
import { contextAsked } from '../../engines/llama-cpp-settings.ts'
import { exl3Modules } from '../exllamav3/modules.ts'
import { exl2Modules } from '../modules.ts'
import type { Exl2Placement } from '../placement.ts'
import { upperLimits } from './limits.ts'
import type { Exl2Run, GpuSplit } from './run.ts'
import { heldOf } from '../../placement/plan-input.ts'
import type { Exl2PlanInput } from './workplace.ts'

/** Python with PyTorch and CUDA's libraries. Assumed: no reading isolates it. */
const PROCESS_MEMORY = gibibytes(2)

/** What a loader made of a split, over devices in its order. */
export interface Exl2Loaded {
  readonly devices: readonly Device[]
  readonly run: Exl2Run
  readonly split: GpuSplit
  readonly placed: Exl2Placement
  /** The load itself failed, so that what it keeps free is lacking too. */
  readonly failed?: true
}

/** What a split needs on every place of the machine, used or not, and where that is more than there is. */
export function judgeExl2(loaded: Exl2Loaded, input: Exl2PlanInput): Judged {
  const { devices, run, split, placed } = loaded
  const { machine, model, engine, request } = input
  const kinds = kindsOf(run, input)
  const on = (position: number): readonly string[] => kinds.filter((_, index) => placed.places[index] === position)
  const layers = devices.map(({ id }, position) => ({ device: id, layers: on(position).filter(isLayer).length }))
  const settings = {
    ...request,
    contextLength: contextAsked(request, model),
    outputsMax: 0,
    pipelineAllowed: false,
  }
  const placement: Placement = {
    machine: machine.id,
    model: model.architecture,
    engine: engine.id,
    engineVersion: engine.version,
    settings,
    split: { devices: layers, hostBlocks: 0, expertsOnHost: 0, overrides: [] } satisfies LayerSplit,
    memory: placesMemory(loaded, input),
    pipelineParallel: false,
    flashAttention: run.format === 'exl3' || run.settings.flashAttention,
    exl2: { run, split, modules: devices.map((_, position) => on(position).length) },
  }
  return { placement, reasons: shortages(placement) }
}

const kindsOf = (run: Exl2Run, { model }: Exl2PlanInput): readonly string[] =>
  (run.format === 'exl2' ? exl2Modules(model) : exl3Modules(model)).map(({ kind }) => kind)

/** A block is counted where its attention lies, and with it its cache; the output layer besides. */
const isLayer = (kind: string): boolean => ['attention', 'parallel', 'block', 'head'].includes(kind)

function placesMemory(loaded: Exl2Loaded, input: Exl2PlanInput): readonly PlaceMemory[] {
  const { machine, request } = input
  const held = heldOf(input)
  const limits = upperLimits(loaded, input)
  const inOrder = inEngineOrder(machine.devices)
  const places = inOrder.map((device): PlaceMemory => {
    const position = loaded.devices.indexOf(device)
    const { need, certainty } =
      position === -1 ? unused : deviceNeed(device, { loaded, position, limit: limits[position], input })
    const room = deviceRoom(device, held, request)
    return { place: { kind: 'device', device: device.id }, ...withRoom(need, room), certainty }
  })
  const onUnified = sumBytes(places.filter((_, at) => inOrder[at]!.unified).map(({ required }) => required))
  const need: Need = { ...NOTHING, model: loaded.placed.hostBytes, overhead: PROCESS_MEMORY }
  const certainty = { model: 'exact', context: 'exact', compute: 'exact', overhead: 'assumed' } as const
  return [...places, hostPlace({ need, certainty, onUnified }, { machine, held, settings: request })]
}

interface Needed {
  readonly need: Need
  readonly certainty: PlaceMemory['certainty']
}

const unused: Needed = {
  need: NOTHING,
  certainty: { model: 'exact', context: 'exact', compute: 'exact', overhead: 'exact' },
}

interface OnDevice {
  readonly loaded: Exl2Loaded
  readonly position: number
  /** The most that the loader takes there, where it may take more than is foreseen. */
  readonly limit: Bytes | undefined
  readonly input: Exl2PlanInput
}

/** Weights, cache and buffers; the tensors of a pass stand with the driver's context, as they come and go. */
function deviceNeed(device: Device, { loaded, position, limit, input }: OnDevice): Needed {
  const memory = loaded.placed.devices[position]!
  const { weights, cache, scratch, allocator, activations, reserve } = memory
  const unforeseen = Math.max(0, (limit ?? 0) - exl2RunBytes(memory))
  const kept = loaded.failed ? reserve.bytes : 0
  return {
    need: {
      model: weights.bytes,
      context: cache.bytes,
      compute: bytes(scratch.bytes + allocator.bytes + unforeseen),
      overhead: bytes(driverContext(device).bytes + activations.bytes + kept),
      atFirstPrompt: input.engine.triesPass || loaded.split.kind === 'auto' ? bytes(0) : activations.bytes,
    },
    certainty: certaintyOf(memory, unforeseen > 0),
  }
}

/** The driver's context is bounded for another engine's kernels, so of PyTorch's it is assumed. */
const certaintyOf = (memory: Exl2DeviceMemory, bounded: boolean): PlaceMemory['certainty'] => ({
  model: memory.weights.certainty,
  context: memory.cache.certainty,
  compute: bounded ? 'upper-bound' : leastCertain([memory.scratch.certainty, memory.allocator.certainty]),
  overhead: 'assumed',
})

const shortages = ({ memory, exl2 }: Placement): readonly Reason[] =>
  memory.filter(({ required, headroom }) => required > 0 && headroom < 0).map((one) => shortageOf(one, exl2!.run))

function shortageOf({ required: requested, headroom, atFirstPrompt, ...place }: PlaceMemory, run: Exl2Run): Reason {
  const { used, margin, capacity } = place
  const shortage: MemoryShortage = { place: place.place, requested, used, margin, capacity }
  if (atFirstPrompt === 0 || headroom + atFirstPrompt < 0) return { code: 'insufficient-memory', ...shortage }
  const pass = run.format === 'exl2' ? run.settings.maxInputLen : run.settings.maxChunkSize
  return {
    code: 'insufficient-memory-at-first-prompt',
    ...shortage,
    loaded: bytes(requested - atFirstPrompt),
    cause: `a pass over ${groupThousands(pass)} tokens`,
    causeBytes: atFirstPrompt,
  }
}
