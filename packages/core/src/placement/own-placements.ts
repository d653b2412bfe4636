import type { OwnChoice, SeenDevice } from '../engines/engine.ts'
import type { Device } from '../machine/machine.ts'
import { driverContext } from '../memory/driver-context.ts'
import { HOST, type RunLayout } from '../memory/run-memory.ts'
import type { RunSettings } from '../memory/settings.ts'
import { bytes, type Bytes } from '../units.ts'
import { deviceGroups } from './device-groups.ts'
import { type Judged, judgeSplit, type Workplace } from './judge.ts'
import { deviceRoom, freeOf } from './room.ts'
import { type PlanInput, workplaceOf } from './plan-input.ts'
import type { LayerSplit, Placement } from './verdict.ts'

/**
 * What an engine that places layers itself comes to, for each set of devices it may be shown: every single one, and the
 * roomiest two, three, … up to all. Each is judged like any other split.
 */
export function ownPlacements(workplace: Workplace): readonly Judged[] {
  const sets = deviceGroups(workplace.machine, workplace.engine).flatMap((devices) => setsToShow(devices, workplace))
  return sets.flatMap((devices) => {
    const choice = ownChoice(devices, workplace, workplace.settings)
    if (!choice) return []
    const { settings, layout } = choice
    return [judgeSplit(splitOf(layout, devices), { ...workplace, settings }, layout)]
  })
}

/** Alike devices with equal room are interchangeable: the first of them stands for all. */
function setsToShow(devices: readonly Device[], workplace: Workplace): readonly (readonly Device[])[] {
  const roomOf = (device: Device): number => freeToProcess(device, workplace)
  const kindOf = (device: Device): string => `${device.name} ${device.backend} ${roomOf(device)}`
  const single = devices.filter((device, at) => devices.findIndex((one) => kindOf(one) === kindOf(device)) === at)
  const roomiest = devices.toSorted((left, right) => roomOf(right) - roomOf(left))
  const most = Math.min(devices.length, workplace.engine.deviceLimit)
  const several = Array.from({ length: Math.max(0, most - 1) }, (_, at) => new Set(roomiest.slice(0, at + 2)))
  return [...single.map((device) => [device]), ...several.map((chosen) => devices.filter((one) => chosen.has(one)))]
}

/** What the engine decides of a run by itself; undefined where it decides nothing. */
export function ownChoice(
  devices: readonly Device[],
  workplace: Workplace,
  settings: RunSettings,
): OwnChoice | undefined {
  const seen: readonly SeenDevice[] = devices.map((device) => ({ device, free: freeToProcess(device, workplace) }))
  return workplace.engine.choose?.({ model: workplace.model, settings, devices: seen })
}

/** How the engine comes to what it does on the devices of a placement; nothing where it has nothing to tell. */
export function explainOwnChoice(input: PlanInput, { split }: Pick<Placement, 'split'>): readonly string[] {
  const { machine, engine, request } = input
  const workplace = workplaceOf(input)
  const devices = split.devices.flatMap(({ device }) => machine.devices.filter(({ id }) => id === device))
  const settings = { ...workplace.settings, contextLength: request.contextLength || workplace.settings.contextLength }
  const seen = devices.map((device) => ({ device, free: freeToProcess(device, workplace) }))
  return engine.account?.({ model: input.model, settings, devices: seen }, machine) ?? []
}

/** What an engine knows nothing of. */
export const NO_MARGIN = { margin: bytes(0), deviceMargins: [] } as const

/** A process has its own driver context by the time it asks what is free. */
function freeToProcess(device: Device, { held, settings }: Workplace): Bytes {
  const room = deviceRoom(device, held, { ...settings, ...NO_MARGIN })
  return bytes(Math.max(0, freeOf(room) - driverContext(device).bytes))
}

/** Devices that get no layer are named too: the process sees them. */
export const splitOf = ({ layers, overrides, deviceCount }: RunLayout, devices: readonly Device[]): LayerSplit => ({
  devices: devices
    .slice(0, deviceCount)
    .map(({ id }, position) => ({ device: id, layers: layers.filter((place) => place === position).length })),
  hostBlocks: layers.slice(0, -1).filter((place) => place === HOST).length,
  expertsOnHost: 0,
  overrides,
})
