import type { Engine } from '../../engines/engine.ts'
import type { Device, Machine } from '../../machine/machine.ts'
import { refusalOf } from '../../placement/device-groups.ts'
import { bytes, GIB, gibibytes, type Bytes } from '../../units.ts'
import { type Card, cardLike, sizeOf } from './card.ts'
import type { MachineEdit } from './edit-machine.ts'

/** Changes of one sort, the least first: the first that is enough is the least that is. */
export type UpgradeTries = readonly MachineEdit[]

/** What no desktop and no server of the usual build takes more of. */
const MOST_HOST_MEMORY = gibibytes(4096)

/** What may be done to a machine, by sort; the more it changes, the later. */
export function upgradeTries(machine: Machine, engine: Engine, cards: readonly Card[]): readonly UpgradeTries[] {
  const usable = machine.devices.filter((device) => refusalOf(device, machine, engine) === undefined)
  const own = usable.filter(({ unified, migParent }) => !unified && migParent === undefined)
  const driven = cards.filter(({ product }) => engine.backends.includes(product.backend))
  // A board whose memory the GPU shares takes neither cards nor modules that would help it.
  if (machine.devices.some(({ unified }) => unified)) return []
  if (own.length === 0) return [addable(driven), moreHostMemory(machine)]
  return [moreOfTheSame(own), largerInPlaceOfOne(own, driven), largerInPlaceOfAll(own, driven), moreHostMemory(machine)]
}

/** Into a machine without a GPU: of each size the fastest. */
const addable = (cards: readonly Card[]): UpgradeTries =>
  sizesOf(cards).map(([, alike]) => ({ kind: 'add-cards', card: fastest(alike), count: 1 }))

function moreOfTheSame(own: readonly Device[]): UpgradeTries {
  const kinds = [...new Map(own.map((device) => [`${device.name} ${sizeOf(device)}`, device])).values()]
  const cards = kinds.toSorted((one, other) => sizeOf(one) - sizeOf(other)).map(cardLike)
  return [1, 2].flatMap((count) => cards.map((card) => ({ kind: 'add-cards', card, count }) as const))
}

/** The smallest card makes way. */
function largerInPlaceOfOne(own: readonly Device[], cards: readonly Card[]): UpgradeTries {
  const least = own.reduce((smallest, device) => (sizeOf(device) < sizeOf(smallest) ? device : smallest))
  return largerThan(least, cards).map((card) => ({ kind: 'replace-cards', devices: [least.id], card }))
}

function largerInPlaceOfAll(own: readonly Device[], cards: readonly Card[]): UpgradeTries {
  if (own.length < 2) return []
  const largest = own.reduce((most, device) => (sizeOf(device) > sizeOf(most) ? device : most))
  const devices = own.map(({ id }) => id)
  return largerThan(largest, cards).map((card) => ({ kind: 'replace-cards', devices, card }))
}

/** Modules are sold by doubling, and a board takes equal ones: twice, four times and eight times as much. */
function moreHostMemory({ hostMemoryTotal = bytes(0) }: Machine): UpgradeTries {
  return [2, 4, 8]
    .map((times) => bytes(hostMemoryTotal * (times - 1)))
    .filter((added) => added > 0 && hostMemoryTotal + added <= MOST_HOST_MEMORY)
    .map((added) => ({ kind: 'add-host-memory', added }))
}

/** Of each larger size the card most like the one that makes way: of its maker's line, no slower, and near its speed. */
function largerThan(device: Device, cards: readonly Card[]): readonly Card[] {
  const larger = cards.filter(
    ({ product }) => product.backend === device.backend && gibOf(sizeOf(product)) > gibOf(sizeOf(device)),
  )
  return sizesOf(larger).flatMap(([, alike]) => mostLike(device, alike) ?? [])
}

function mostLike(device: Device, cards: readonly Card[]): Card | undefined {
  const slowest = device.memoryBandwidthBytesPerSecond ?? 0
  const speed = ({ product }: Card): number => product.memoryBandwidthBytesPerSecond ?? 0
  const line = ({ product }: Card): number => wordsShared(product.name, device.name)
  return cards
    .filter((card) => speed(card) >= slowest)
    .toSorted((one, other) => line(other) - line(one) || speed(one) - speed(other))[0]
}

/** Words that two names begin with alike: "NVIDIA GeForce RTX" are three. */
function wordsShared(one: string, other: string): number {
  const [words, others] = [one.split(' '), other.split(' ')]
  const differing = words.findIndex((word, at) => word !== others[at])
  return differing === -1 ? words.length : differing
}

function fastest(cards: readonly Card[]): Card {
  const speed = ({ product }: Card): number => product.memoryBandwidthBytesPerSecond ?? 0
  return cards.reduce((best, card) => (speed(card) > speed(best) ? card : best))
}

/** By whole GiB on the box, the smallest first. */
function sizesOf(cards: readonly Card[]): readonly (readonly [number, readonly Card[]])[] {
  const sizes = [...new Set(cards.map(({ product }) => gibOf(sizeOf(product))))].toSorted((one, other) => one - other)
  return sizes.map((gib) => [gib, cards.filter(({ product }) => gibOf(sizeOf(product)) === gib)])
}

const gibOf = (size: Bytes): number => Math.round(size / GIB)
