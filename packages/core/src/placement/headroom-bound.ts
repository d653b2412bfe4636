import { estimateStatic } from '../memory/estimate.ts'
import { PROCESS_MEMORY } from '../memory/overhead.ts'
import { deviceGroups } from './device-groups.ts'
import { benchOf, type Family } from './families.ts'
import type { Workplace } from './judge.ts'
import { layerCountOf, layoutOf } from './layout.ts'
import { freeInAll, freeOf, hostRoom } from './room.ts'
import { widestGuess } from './search/best-splits.ts'

/**
 * What no placement of a family leaves more than on its tightest place, without any replay: weights, context and the
 * driver's share alone. Negative: the family does not fit. What is left on the devices grows with the count, what is left
 * on the host shrinks, so the least count that the devices have room for decides.
 */
export function headroomBound(family: Family): number {
  const known = new Map<number, number>()
  const onDevices = (count: number): number => {
    const guess = known.get(count) ?? widestGuess(benchOf(family, count))
    known.set(count, guess)
    return guess
  }
  const count = family.most === 0 ? 0 : leastCount(0, family.most, (tried) => onDevices(tried) >= 0)
  return Math.min(onDevices(count), leftOnHost(family, count))
}

/** Infinite where nobody told what the host has. */
export function leftOnHost(family: Family, count: number): number {
  const { machine, held, settings } = family.search.workplace
  const room = hostRoom(machine, held, settings)
  return room ? freeOf(room) - leastOnHost(family, count) : Infinity
}

/** What a shape takes of the host at least: weights and context left there, and the process. */
export function leastOnHost({ search, shape }: Family, count: number): number {
  const { model, settings } = search.workplace
  const { hostBlocks, expertsOnHost } = shape(count)
  const devices = [{ device: search.devices[0]!.id, layers: layerCountOf(model) - hostBlocks }]
  const layout = layoutOf({ devices, hostBlocks, expertsOnHost, overrides: [] })
  const { host } = estimateStatic({ model, settings, layout })
  return host.model + host.context + PROCESS_MEMORY
}

/**
 * What all devices and the host together have beyond weights and context, wherever they lie: negative where no placement
 * at all fits. Infinite where nobody told what the host has.
 */
export function leftInAll({ model, machine, engine, held, settings }: Workplace): number {
  const room = hostRoom(machine, held, settings)
  if (!room) return Infinity
  const free = freeInAll(deviceGroups(machine, engine).flat(), held, settings)
  const layout = layoutOf({ devices: [], hostBlocks: model.blockCount, expertsOnHost: 0, overrides: [] })
  const { host } = estimateStatic({ model, settings, layout })
  return freeOf(room) + free - host.model - host.context - PROCESS_MEMORY
}

/** The least whole number above `tooFew` that is enough, or `most`, by bisection. */
export function leastCount(tooFew: number, most: number, isEnough: (count: number) => boolean): number {
  let [low, high] = [tooFew, most]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return high
}
