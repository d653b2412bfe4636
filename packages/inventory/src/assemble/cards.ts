import type { DeviceReading, SliceReading } from '../formats/format.ts'
import type { Notes, NotesBook } from '../notes.ts'
import { cardName, sameCardName } from '../text/card-name.ts'
import type { ReadSection } from './group.ts'

/** One card and all that the sections of its host say about it, most trusted first. */
export interface Card {
  readonly readings: readonly DeviceReading[]
}

interface OpenCard {
  readonly readings: DeviceReading[]
}

/** The most trusted reading that knows the field. */
export const known = <Field extends keyof DeviceReading>(
  card: Card,
  field: Field,
): Exclude<DeviceReading[Field], undefined> | undefined =>
  card.readings.find((reading) => reading[field] !== undefined)?.[field] as
    | Exclude<DeviceReading[Field], undefined>
    | undefined

/** Slices of all readings: the XML has their memory, `-L` their UUIDs and profiles. */
export function knownSlices(card: Card): readonly SliceReading[] {
  const slices = new Map<number, SliceReading>()
  for (const slice of card.readings.flatMap((reading) => reading.slices ?? [])) {
    slices.set(slice.index, { ...slice, ...slices.get(slice.index) })
  }
  return [...slices.values()].toSorted((a, b) => a.index - b.index)
}

/** Sections in the order they are believed: the better tool first, and of one tool's outputs the later. */
export const byTrust = (sections: readonly ReadSection[]): readonly ReadSection[] =>
  sections.toSorted((a, b) => a.format.rank - b.format.rank || b.section.firstLine - a.section.firstLine)

/** Joins the readings of one host's sections: by UUID, then by PCI bus id, then by nvidia-smi's index, then by name. */
export function joinCards(sections: readonly ReadSection[], book: NotesBook): readonly Card[] {
  const cards: OpenCard[] = []
  for (const { format, section, reading } of byTrust(sections)) {
    const notes = book.forSection(section.index, format.id)
    const taken = new Set<OpenCard>()
    const left: DeviceReading[] = []
    for (const device of reading.devices) {
      const free = cards.filter((card) => !taken.has(card))
      const match = findCard(free, device)
      if (match === undefined) left.push(device)
      else {
        match.readings.push(device)
        taken.add(match)
      }
    }
    placeLeft(left, { cards, taken, notes })
  }
  return cards
}

function findCard(cards: readonly OpenCard[], device: DeviceReading): OpenCard | undefined {
  const same = (field: 'uuid' | 'pciBusId' | 'smiIndex') =>
    device[field] === undefined ? undefined : cards.find((card) => known(card, field) === device[field])
  const byUuid = same('uuid')
  if (byUuid !== undefined) return byUuid
  const byBus = same('pciBusId')
  if (byBus !== undefined && !differ(byBus, device, 'uuid')) return byBus
  const byIndex = same('smiIndex')
  if (byIndex !== undefined && mayBe(byIndex, device) && sameName(byIndex, device)) return byIndex
  return cards.find(
    (card) =>
      mayBe(card, device) &&
      device.name !== undefined &&
      known(card, 'name') !== undefined &&
      sameName(card, device) &&
      !differ(card, device, 'smiIndex'),
  )
}

const differ = (card: Card, device: DeviceReading, field: 'uuid' | 'pciBusId' | 'smiIndex'): boolean =>
  device[field] !== undefined && known(card, field) !== undefined && known(card, field) !== device[field]

const mayBe = (card: Card, device: DeviceReading): boolean =>
  known(card, 'backend') === device.backend && !differ(card, device, 'uuid') && !differ(card, device, 'pciBusId')

function sameName(card: Card, device: DeviceReading): boolean {
  const named = card.readings.filter((reading) => reading.name !== undefined)
  return named.length === 0 || named.some((reading) => sameCardName(reading, device))
}

interface Placing {
  readonly cards: OpenCard[]
  readonly taken: Set<OpenCard>
  readonly notes: Notes
}

/** Readings that match no card by identity or name: new cards, other views of a card, or the same cards under other names. */
function placeLeft(left: readonly DeviceReading[], placing: Placing): void {
  const { cards, taken, notes } = placing
  const hadCards = cards.length > 0
  const waiting = left.filter((device) => !isOtherView(device, placing))
  const unnamed = waiting.filter((device) => device.uuid === undefined && device.pciBusId === undefined)
  const free = cards.filter((card) => !taken.has(card) && unnamed.some((device) => mayBe(card, device)))
  if (hadCards && free.length > 0 && free.length === unnamed.length && unnamed.length === waiting.length) {
    unnamed.forEach((device, place) => {
      const card = free[place]!
      notes.warn('matched-by-order', {
        line: device.line,
        detail: `${device.name ?? ''} as ${known(card, 'name') ?? ''}`,
      })
      card.readings.push(device)
    })
    return
  }
  for (const device of waiting) {
    if (hadCards && device.backend !== 'rpc' && cards.some((card) => known(card, 'backend') === device.backend)) {
      notes.warn('device-unmatched', { line: device.line, detail: device.name ?? device.uuid ?? device.pciBusId ?? '' })
    }
    addCard(device, placing)
  }
}

/** Vulkan or SYCL showing a card that the vendor's tool has shown, or CUDA showing one MIG slice of it. */
function isOtherView(device: DeviceReading, { cards, taken, notes }: Placing): boolean {
  const slice = /^(.*) MIG \S+$/.exec(device.name ?? '')?.[1]
  const native = cards.find((card) => {
    const backend = known(card, 'backend')
    const name = known(card, 'name')
    if (name === undefined || (backend !== 'cuda' && backend !== 'rocm')) return false
    if (slice !== undefined) return knownSlices(card).length > 0 && cardName(name) === cardName(slice)
    const viewer = device.backend === 'vulkan' || device.backend === 'sycl'
    return viewer && !taken.has(card) && cardName(name) === cardName(device.name ?? '')
  })
  if (native === undefined) return false
  if (slice === undefined) taken.add(native)
  notes.warn('same-card-twice', { line: device.line, detail: device.name ?? '' })
  return true
}

function addCard(device: DeviceReading, { cards, taken, notes }: Placing): void {
  const twin = cards.find((card) => device.uuid !== undefined && known(card, 'uuid') === device.uuid)
  const neighbour = cards.find(
    (card) => device.pciBusId !== undefined && taken.has(card) && known(card, 'pciBusId') === device.pciBusId,
  )
  const told = twin === undefined || (device.pciBusId !== undefined && differ(twin, device, 'pciBusId'))
  const line = device.line
  if (!told || neighbour !== undefined) {
    notes.refuse('duplicate-device', { line, detail: device.uuid ?? device.pciBusId ?? '' })
    return
  }
  if (twin !== undefined) notes.warn('duplicate-uuid', { line, detail: device.uuid ?? '' })
  const { uuid, ...rest } = device
  const card: OpenCard = { readings: [twin === undefined && uuid !== undefined ? { ...rest, uuid } : rest] }
  cards.push(card)
  taken.add(card)
}
