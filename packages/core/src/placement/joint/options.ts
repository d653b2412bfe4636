import type { DeviceId } from '../../ids.ts'
import type { Machine } from '../../machine/machine.ts'
import { deviceGroups } from '../device-groups.ts'
import { benchOf, type Family, newSearch, onDevices, partlyOnHost } from '../families.ts'
import { leastOnHost } from '../headroom-bound.ts'
import type { Workplace } from '../judge.ts'
import { deviceRoom, freeOf, hostRoom } from '../room.ts'
import type { Bench } from '../search/bench.ts'
import { type LeastNeeds, leastNeeds } from '../search/reach.ts'
import { type NeedTables, needTables, type SegmentProblem } from '../search/segments.ts'

/** What is thought of a shape's segments until a replay teaches more. */
export interface Needs {
  readonly problem: SegmentProblem
  readonly tables: NeedTables
  readonly least: LeastNeeds
}

/** One shape of a tenant over one group of devices: within it only the boundaries move. */
export interface JointOption {
  readonly bench: Bench
  readonly reliesOnHost: boolean
  /** Of its devices: ids, positions among the machine's, and what others leave of each, the margin kept. */
  readonly ids: readonly DeviceId[]
  readonly positions: readonly number[]
  readonly free: readonly number[]
  readonly unified: readonly boolean[]
  /** What the driver takes of each at least, without the output layer and with it. */
  readonly driver: readonly { readonly withoutOutput: number; readonly withOutput: number }[]
  /** Infinite where nobody told what the host has. */
  readonly hostFree: number
  /** What it takes at least of the host, and of all devices together. */
  readonly hostLeast: number
  readonly devicesLeast: number
  /** The same object until `judge` has learned. */
  readonly needs: () => Needs
  readonly judge: Bench['judge']
}

/** Every shape that a plan of this tenant may have, those that rely on the host last. */
export function jointOptions(workplace: Workplace): readonly JointOption[] {
  const searches = deviceGroups(workplace.machine, workplace.engine).map((devices) => newSearch(workplace, devices))
  const optionsOf = (kinds: typeof onDevices, reliesOnHost: boolean): readonly JointOption[] =>
    kinds.flatMap((kind) =>
      searches.flatMap((search) => {
        const family = kind(search)
        return family ? optionsOfFamily(family, reliesOnHost) : []
      }),
    )
  // Nothing may be left on a host whose memory nobody told.
  const mayRely = workplace.machine.hostMemoryTotal !== undefined
  return [...optionsOf(onDevices, false), ...(mayRely ? optionsOf(partlyOnHost, true) : [])]
}

function optionsOfFamily(family: Family, reliesOnHost: boolean): readonly JointOption[] {
  const learned = { revision: 0 }
  const counts = family.most === 0 ? [0] : Array.from({ length: family.most }, (_, at) => at + 1)
  return counts.map((count) => ({ ...optionOf(family, count, learned), reliesOnHost }))
}

/** `learned` is shared by all shapes of a family, as what they learn is. */
function optionOf(family: Family, count: number, learned: { revision: number }): Omit<JointOption, 'reliesOnHost'> {
  const { workplace, devices, rooms } = family.search
  const { machine, held, settings } = workplace
  const bench = benchOf(family, count)
  const free = devices.map((device) => freeOf(deviceRoom(device, held, settings)))
  const driver = rooms.map(({ withoutOutput, withOutput }, device) => ({
    withoutOutput: free[device]! - withoutOutput,
    withOutput: free[device]! - withOutput,
  }))
  const host = hostRoom(machine, held, settings)
  const { firstLayer, layerCount } = bench.problem()
  let known: (Needs & { readonly revision: number }) | undefined
  return {
    bench,
    ids: devices.map(({ id }) => id),
    positions: devices.map((device) => machine.devices.indexOf(device)),
    free,
    unified: devices.map(({ unified }) => unified),
    driver,
    hostFree: host ? freeOf(host) : Infinity,
    hostLeast: leastOnHost(family, count),
    devicesLeast: bench.staticNeed(firstLayer, layerCount) + Math.min(...driver.map(({ withOutput }) => withOutput)),
    needs: () => {
      if (known?.revision === learned.revision) return known
      const problem = bench.problem()
      const tables = needTables(problem)
      known = { problem, tables, least: leastNeeds(tables, problem), revision: learned.revision }
      return known
    },
    judge: (split) => {
      if (!bench.isJudged(split)) learned.revision++
      return bench.judge(split)
    },
  }
}

/**
 * Devices with equal keys may stand in for each other in any joint placement, by position: alike in all that memory depends
 * on, and as free to every tenant. Undefined where the engine of one keeps to an order.
 */
export function deviceKeys(
  tenants: readonly (readonly JointOption[])[],
  machine: Machine,
): readonly number[] | undefined {
  const all = tenants.flat()
  if (all.some(({ bench, ids }) => ids.length > 1 && !bench.reorder)) return undefined
  const keys = machine.devices.map(({ id, index: _index, uuid: _uuid, pciBusId: _bus, ...alike }) =>
    JSON.stringify([alike, all.map(({ ids, free }) => free[ids.indexOf(id)])]),
  )
  return keys.map((key) => keys.indexOf(key))
}
