import { ordersDevices } from '../../engines/visible-devices.ts'
import type { Device } from '../../machine/machine.ts'
import type { RunSettings } from '../../memory/settings.ts'
import { refusalsOf } from '../../placement/decide.ts'
import { type DeviceGroup, deviceGroups } from '../../placement/device-groups.ts'
import type { LayerSplit } from '../../placement/verdict.ts'
import { deviceSets, roomiestSets } from './device-sets.ts'
import { fitsAlone } from './fits-alone.ts'
import { emptied, type PackDemand } from './problem.ts'
import { alikeIn, type ByPlace, likenessOf, marginsOf, roomOf } from './room.ts'
import { type Planning, type Template, templateOn } from './template.ts'

/** Parts of a split that need the same, of devices that stand in for each other. */
export interface Seat {
  /** Positions in the split. */
  readonly positions: readonly number[]
  /** What each needs. */
  readonly bytes: number
  /** Positions of the machine's devices, each of which may take one of them. One list for all seats of an option on it. */
  readonly pool: readonly number[]
}

/** One way to run a replica on a machine, whichever of its equal devices take the parts. */
export interface PackOption {
  readonly settings: RunSettings
  readonly split: Omit<LayerSplit, 'devices'>
  /** By position in the split. */
  readonly layers: readonly number[]
  readonly seats: readonly Seat[]
  /** Needed of the host, without what devices take that share its memory. */
  readonly host: number
}

/** What a demand may be on one machine. */
export interface DemandOptions {
  readonly options: readonly PackOption[]
  readonly margins: ByPlace
}

/**
 * Ways to run one replica of a demand on a machine, each with room by what is free now: for every set of its devices the
 * roomiest split as if nothing ran there; where none of so many has room, the roomiest for what is free on the freest. An
 * engine that places layers itself promises nothing of where they lie, and has none.
 */
export function optionsOf(planning: Planning): DemandOptions {
  const { demand, machine } = planning
  const margins = marginsOf(demand, machine)
  if (demand.engine.controls.placesItself || refusalsOf({ ...demand, machine }).length > 0)
    return { options: [], margins }
  const free = roomOf(machine)
  const where = { machine, free, margins }
  const options = deviceGroups(machine, demand.engine).flatMap((group) => {
    const even = evenOptions(planning, group)
    if (even.length === 0) return []
    const fitting = even.filter((option) => fitsAlone(option, where))
    const roomOn = (device: Device): number => free.devices[machine.devices.indexOf(device)]!
    const most = MOST_TIMES_NEEDED * Math.min(...even.map(({ layers }) => layers.length))
    const uneven = roomiestSets(group, roomOn)
      .filter((set) => set.length <= most && !fitting.some(({ layers }) => layers.length === set.length))
      .flatMap((set) => optionsOn(planning, set, group))
    return [...fitting, ...uneven.filter((option) => fitsAlone(option, where))]
  })
  return { options: [...new Map(options.map((option) => [JSON.stringify(option), option])).values()], margins }
}

/** As if nothing ran there. What does not fit on all devices of a group fits on none of them. */
export function evenOptions({ demand, machine, memo }: Planning, group: DeviceGroup): readonly PackOption[] {
  const planning = { demand, machine: emptied(machine), memo }
  const devices = planning.machine.devices.filter(({ id }) => group.some((device) => device.id === id))
  const inGroup = devices.toSorted((one, other) => one.index - other.index)
  if (templateOn(planning, inGroup) === undefined) return []
  const options: PackOption[] = []
  for (const set of deviceSets(inGroup)) {
    // Smallest first: the first that has room says what is needed.
    if (set.length > MOST_TIMES_NEEDED * (options[0]?.layers.length ?? set.length)) break
    if (mayHold(demand, set)) options.push(...optionsOn(planning, set, inGroup))
  }
  return options
}

/** Over more GPUs than twice what it needs a model wastes more of them on copies and contexts than any gap is worth. */
const MOST_TIMES_NEEDED = 2

const mayHold = ({ model, mayRelyOnHost }: PackDemand, set: DeviceGroup): boolean =>
  mayRelyOnHost || set.reduce((sum, { memoryTotal }) => sum + memoryTotal, 0) >= model.weightBytes

/** Nothing where the plan leaves some of the set out, for then it is one of a smaller set. */
function optionsOn(planning: Planning, set: DeviceGroup, group: DeviceGroup): readonly PackOption[] {
  const template = templateOn(planning, set)
  if (template === undefined || template.parts.length !== set.length) return []
  const inOrder = template.parts.map(({ at }) => set[at]!)
  const mayReorder = planning.demand.engine.controls.deviceOrder && ordersDevices(inOrder)
  const { devices } = planning.machine
  if (mayReorder || set.length === 1) return [optionWith(template, poolsWithin(inOrder, group, devices))]
  return neighbours(inOrder, group).map((run) =>
    optionWith(
      template,
      run.map((device) => [devices.indexOf(device)]),
    ),
  )
}

/** Of each device all of the group that are like it; one list for those that are alike. */
function poolsWithin(set: DeviceGroup, group: DeviceGroup, devices: readonly Device[]): readonly (readonly number[])[] {
  const pools = new Map(
    [...alikeIn(group, likenessOf)].map(([likeness, positions]) => [
      likeness,
      positions.map((at) => devices.indexOf(group[at]!)),
    ]),
  )
  return set.map((device) => pools.get(likenessOf(device))!)
}

/** Where the engine keeps to an order: devices in a row, each like the one of the set. */
function neighbours(set: DeviceGroup, group: DeviceGroup): readonly DeviceGroup[] {
  const wanted = set.map(likenessOf)
  const runs = group
    .map((_, start) => group.slice(start, start + set.length))
    .filter((run) => run.length === set.length && run.every((device, at) => likenessOf(device) === wanted[at]))
  return runs.length > 0 ? runs : [set]
}

function optionWith(template: Template, pools: readonly (readonly number[])[]): PackOption {
  const { settings, split, parts, host } = template
  const seats: Seat[] = []
  for (const [position, { bytes }] of parts.entries()) {
    const pool = pools[position]!
    const same = seats.findIndex((seat) => seat.pool === pool && seat.bytes === bytes)
    if (same === -1) seats.push({ positions: [position], bytes, pool })
    else seats[same] = { ...seats[same]!, positions: [...seats[same]!.positions, position] }
  }
  return { settings, split, layers: parts.map(({ layers }) => layers), seats, host }
}
