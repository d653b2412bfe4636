import type { OwnChoice } from '../engines/engine.ts'
import type { Device } from '../machine/machine.ts'
import { driverContext } from '../memory/driver-context.ts'
import { HOST, type RunLayout } from '../memory/run-memory.ts'
import { bytes, type Bytes } from '../units.ts'
import { refusalsOf } from './decide.ts'
import { deviceGroups } from './device-groups.ts'
import { judgeSplit, type Workplace } from './judge.ts'
import { type PlanInput, workplaceOf } from './plan-input.ts'
import { deviceRoom, freeOf } from './room.ts'
import type { LayerSplit, Placement, Reason } from './verdict.ts'

/** What the engine would load if the launch left the layers to it, and what Berth counts it to need. */
export interface EngineAlone {
  readonly outcome: OwnChoice['outcome']
  /** Its margins are those of the request, which it does not know. */
  readonly placement: Placement
  /** What makes it run out of memory; empty where it runs, with whatever it leaves free. */
  readonly reasons: readonly Reason[]
}

/**
 * What the engine does left alone, with the request's context, or with one of its own where that is 0. Undefined where it
 * decides nothing of itself for such a run, refuses it, or sees no device. Exact as its own fit is; that counts neither what the
 * driver adds with the first prompt nor where norms are pinned, so its choice may lack what it promises.
 */
export function engineAlone(input: PlanInput): EngineAlone | undefined {
  const { engine, request, model } = input
  const [devices] = deviceGroups(input.machine, engine)
  if (!engine.choose || !devices || refusalsOf(input).length > 0) return undefined
  const workplace = workplaceOf(input)
  const open = { ...workplace.settings, contextLength: request.contextLength }
  const seen = devices.map((device) => ({ device, free: freeToProcess(device, workplace) }))
  const choice = engine.choose({ model, settings: open, devices: seen })
  if (!choice) return undefined
  const { outcome, contextLength, layout } = choice
  const settings = { ...workplace.settings, contextLength }
  const split = splitOf(layout, devices)
  const { placement } = judgeSplit(split, { ...workplace, settings }, layout)
  const { reasons } = judgeSplit(split, { ...workplace, settings: { ...settings, ...NO_MARGIN } }, layout)
  return { outcome, placement, reasons }
}

const NO_MARGIN = { margin: bytes(0), deviceMargins: [] } as const

/** A process has its own driver context by the time it asks what is free. */
function freeToProcess(device: Device, { held, settings }: Workplace): Bytes {
  const room = deviceRoom(device, held, { ...settings, ...NO_MARGIN })
  return bytes(Math.max(0, freeOf(room) - driverContext(device).bytes))
}

/** Devices that get no layer are named too: the process sees them. */
const splitOf = ({ layers, overrides, deviceCount }: RunLayout, devices: readonly Device[]): LayerSplit => ({
  devices: devices
    .slice(0, deviceCount)
    .map(({ id }, position) => ({ device: id, layers: layers.filter((place) => place === position).length })),
  hostBlocks: layers.slice(0, -1).filter((place) => place === HOST).length,
  expertsOnHost: 0,
  overrides,
})
