import type { Device } from '../../machine/machine.ts'
import { alikeIn, likenessOf } from './room.ts'

/** Eight equal cards have 8 sets, four kinds of two have 80; machines of more are met in no lab. */
const MOST_SETS = 128
/** What the product of all kinds may come to before it is not even written down. */
const MOST_WRITTEN = 4096

/**
 * Sets of devices worth planning on, the smallest first: of those of the same kinds and counts one, with the devices that
 * the engine counts first. Where there are too many, the smallest of them, and for every count the one of most memory.
 */
export function deviceSets(group: readonly Device[]): readonly (readonly Device[])[] {
  let sets: readonly (readonly number[])[] = [[]]
  for (const alike of alikeIn(group, likenessOf).values()) {
    sets = sets.flatMap((set) =>
      Array.from({ length: alike.length + 1 }, (_, count) => [...set, ...alike.slice(0, count)]),
    )
    if (sets.length > MOST_WRITTEN) return roomiestSets(group)
  }
  const smallestFirst = sets.filter(({ length }) => length > 0).toSorted((one, other) => one.length - other.length)
  const kept = smallestFirst.slice(0, MOST_SETS).map((set) => inOrder(set.map((at) => group[at]!)))
  return kept.length < smallestFirst.length ? [...kept, ...roomiestSets(group)] : kept
}

/** For every count the devices with the most memory. */
export function roomiestSets(
  group: readonly Device[],
  roomOn: (device: Device) => number = ({ memoryTotal }) => memoryTotal,
): readonly (readonly Device[])[] {
  const roomiest = group.toSorted((one, other) => roomOn(other) - roomOn(one))
  return group.map((_, at) => inOrder(roomiest.slice(0, at + 1)))
}

const inOrder = (devices: readonly Device[]): readonly Device[] =>
  devices.toSorted((one, other) => one.index - other.index)
