import type { OwnChoice, SeenDevice } from '../engines/engine.ts'
import type { Device } from '../machine/machine.ts'
import { HOST, type RunLayout } from '../memory/run-memory.ts'
import type { RunSettings } from '../memory/settings.ts'
import { bytes, type Bytes, mebibytes, padTo } from '../units.ts'
import { deviceGroups } from './device-groups.ts'
import { leftInAll } from './headroom-bound.ts'
import { type Judged, judgeSplit, type Workplace, isAccepted } from './judge.ts'
import { splitKey } from './layout.ts'
import { needsHost } from './rank.ts'
import { freeToProcess } from './room.ts'
import { type PlanInput, workplaceOf } from './plan-input.ts'
import type { LayerSplit, Placement } from './verdict.ts'

/**
 * What an engine that places layers itself comes to, for each set of devices it may be shown: every single one, and the
 * roomiest two, three, … up to all. Each is judged like any other split.
 */
export function ownPlacements(workplace: Workplace): readonly Judged[] {
  const groups = deviceGroups(workplace.machine, workplace.engine)
  // Nothing fits then, and each choice of the engine costs as much as a plan: what it does with all will do.
  if (leftInAll(workplace) < 0) return groups.slice(0, 1).flatMap((devices) => ownPlacement(devices, workplace, 1))
  return withLeastOnHost(groups.flatMap((devices) => ofGroup(devices, workplace)))
}

/** With fewer devices, what needs the host with all of them would need more of it. */
function ofGroup(devices: readonly Device[], workplace: Workplace): readonly Judged[] {
  const [all, ...smaller] = setsToShow(devices, workplace)
  const whole = ownPlacement(all!, workplace)
  if (whole.some((one) => isAccepted(one) && needsHost(one.placement))) return whole
  return withoutRepeats([...smaller.flatMap((shown) => ownPlacement(shown, workplace)), ...whole])
}

/** Shown more devices, an engine may use the same: the smaller set says so already. */
function withoutRepeats(judged: readonly Judged[]): readonly Judged[] {
  const used = ({ placement: { split } }: Judged): string =>
    splitKey({ ...split, devices: split.devices.filter(({ layers }) => layers > 0) })
  const byUse = new Map(judged.toReversed().map((one) => [used(one), one]))
  return judged.filter((one) => byUse.get(used(one)) === one)
}

/** Each telling asks for what was lacking after the last, in steps of a part of a layer, so that few are needed. */
const MOST_TELLINGS = 8
const TOLD_STEP = mebibytes(64)

/** The engine's choice; where it leaves less than the margins, told to leave as much more as it lacked. */
function ownPlacement(devices: readonly Device[], workplace: Workplace, most = MOST_TELLINGS): readonly Judged[] {
  let { settings } = workplace
  let judged: Judged | undefined
  for (let tellings = 0; tellings < most; tellings++) {
    const choice = ownChoice(devices, workplace, settings)
    if (!choice) break
    judged = judgeSplit(splitOf(choice.layout, devices), { ...workplace, settings: choice.settings }, choice.layout)
    const told = toldMore(judged, workplace, settings)
    if (!told) break
    settings = { ...settings, toldMargins: told }
  }
  return judged ? [judged] : []
}

/** What to tell of each device by its index; undefined where none lacks anything. */
function toldMore(judged: Judged, { machine }: Workplace, settings: RunSettings): readonly Bytes[] | undefined {
  const shortBy = new Map(
    judged.placement.memory.flatMap(({ place, required, headroom }) =>
      place.kind === 'device' && required > 0 && headroom < 0
        ? [[place.device, padTo(-headroom, TOLD_STEP)] as const]
        : [],
    ),
  )
  if (shortBy.size === 0) return undefined
  const { margin, deviceMargins, toldMargins } = settings
  const byIndex = new Map(machine.devices.map(({ id, index }) => [index, shortBy.get(id) ?? 0]))
  return Array.from({ length: Math.max(...byIndex.keys()) + 1 }, (_, index) =>
    bytes((toldMargins?.[index] ?? deviceMargins?.[index] ?? margin) + (byIndex.get(index) ?? 0)),
  )
}

/** What leaves more to the host than another is not compared: it would win by the room that it leaves on its devices. */
function withLeastOnHost(judged: readonly Judged[]): readonly Judged[] {
  const least = Math.min(...judged.filter(isAccepted).map(onHost))
  return judged.filter((one) => !isAccepted(one) || onHost(one) === least)
}

const onHost = ({ placement }: Judged): Bytes => placement.memory.at(-1)!.model

/** The largest first. Alike devices with equal room are interchangeable: the first of them stands for all. */
function setsToShow(devices: readonly Device[], workplace: Workplace): readonly (readonly Device[])[] {
  const roomOf = (device: Device): number => freeToProcess(device, workplace.held, workplace.settings)
  const kindOf = (device: Device): string => `${device.name} ${device.backend} ${device.memoryTotal} ${roomOf(device)}`
  const single = devices.filter((device, at) => devices.findIndex((one) => kindOf(one) === kindOf(device)) === at)
  const roomiest = devices.toSorted((left, right) => roomOf(right) - roomOf(left))
  const most = Math.min(devices.length, workplace.engine.deviceLimit)
  const several = Array.from({ length: Math.max(0, most - 1) }, (_, at) => new Set(roomiest.slice(0, at + 2)))
  const sets = [
    ...single.map((device) => [device]),
    ...several.map((chosen) => devices.filter((one) => chosen.has(one))),
  ]
  return [sets.at(-1)!, ...sets.slice(0, -1)]
}

/** What the engine decides of a run by itself; undefined where it decides nothing. */
export function ownChoice(
  devices: readonly Device[],
  workplace: Workplace,
  settings: RunSettings,
): OwnChoice | undefined {
  return workplace.engine.choose?.({ model: workplace.model, settings, devices: seenBy(devices, workplace) })
}

/**
 * How the engine comes to what it does on the devices of a placement, run as that is; nothing where it has nothing to tell.
 * Flash attention and the split are left open as they were, since it decides them.
 */
export function explainOwnChoice(
  input: PlanInput,
  placement: Pick<Placement, 'split' | 'settings'>,
): readonly string[] {
  const { machine, engine } = input
  const workplace = workplaceOf(input)
  const devices = placement.split.devices.flatMap(({ device }) => machine.devices.filter(({ id }) => id === device))
  const { flashAttention, splitMode } = workplace.settings
  const settings = { ...placement.settings, flashAttention, splitMode }
  return engine.account?.({ model: input.model, settings, devices: seenBy(devices, workplace) }, machine) ?? []
}

const seenBy = (devices: readonly Device[], { held, settings }: Workplace): readonly SeenDevice[] =>
  devices.map((device) => ({ device, free: freeToProcess(device, held, settings) }))

/** Devices that get no layer are named too: the process sees them. */
export const splitOf = ({ layers, overrides, deviceCount }: RunLayout, devices: readonly Device[]): LayerSplit => ({
  devices: devices
    .slice(0, deviceCount)
    .map(({ id }, position) => ({ device: id, layers: layers.filter((place) => place === position).length })),
  hostBlocks: layers.slice(0, -1).filter((place) => place === HOST).length,
  expertsOnHost: 0,
  overrides,
})
