import type { DeviceReading, Format, Section, SectionReading } from '../formats/format.ts'
import type { NotesBook } from '../notes.ts'
import { sameCardName } from '../text/card-name.ts'

export interface ReadSection {
  readonly format: Format
  readonly section: Section
  readonly reading: SectionReading
}

/** The sections about one host. */
export interface HostGroup {
  readonly hostName?: string
  readonly sections: readonly ReadSection[]
}

interface OpenGroup {
  readonly hostName: string | undefined
  readonly sections: ReadSection[]
}

/**
 * Which sections are about the same host. A heading or prompt says so; without one, the cards do: a section joins the
 * host whose UUIDs, bus ids or names it shares. Where that cannot be told, the paste is refused rather than two hosts
 * made one.
 */
export function groupByHost(sections: readonly ReadSection[], book: NotesBook): readonly HostGroup[] {
  const groups: OpenGroup[] = []
  /** Sections without cards, such as `topo -m`, that may belong to the host that follows. */
  let waiting: ReadSection[] = []
  for (const read of sections) {
    if (read.section.hostName !== undefined) {
      headed(groups, read.section.hostName).sections.push(read)
      continue
    }
    const current = groups.findLast((group) => group.hostName === undefined)
    if (read.reading.devices.length === 0) {
      if (current === undefined || hasFormat(current, read)) waiting.push(read)
      else current.sections.push(read)
      continue
    }
    const home = homeOf(groups, read, book)
    const group = home ?? { hostName: undefined, sections: [] }
    if (home === undefined) groups.push(group)
    group.sections.push(...waiting, read)
    waiting = []
  }
  if (waiting.length > 0) lastOrNew(groups).sections.push(...waiting)
  return groups.map(({ hostName, sections }) => (hostName === undefined ? { sections } : { hostName, sections }))
}

function headed(groups: OpenGroup[], hostName: string): OpenGroup {
  const known = groups.find((group) => group.hostName?.toLowerCase() === hostName.toLowerCase())
  if (known !== undefined) return known
  const group: OpenGroup = { hostName, sections: [] }
  groups.push(group)
  return group
}

function lastOrNew(groups: OpenGroup[]): OpenGroup {
  const last = groups.findLast((group) => group.hostName === undefined)
  if (last !== undefined) return last
  const group: OpenGroup = { hostName: undefined, sections: [] }
  groups.push(group)
  return group
}

const hasFormat = (group: OpenGroup, read: ReadSection): boolean =>
  group.sections.some((other) => other.format.id === read.format.id)

const cardsOf = (group: OpenGroup): readonly DeviceReading[] => group.sections.flatMap(({ reading }) => reading.devices)

const identities = (devices: readonly DeviceReading[], field: 'uuid' | 'pciBusId'): ReadonlySet<string> =>
  new Set(devices.map((device) => device[field]).filter((identity) => identity !== undefined))

const share = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean =>
  [...left].some((one) => right.has(one))

/** Whether two outputs may show one host's cards; an RPC device is another host's, and a name may be cut short. */
function namesMeet(left: readonly DeviceReading[], right: readonly DeviceReading[]): boolean {
  const named = (devices: readonly DeviceReading[]) =>
    devices.filter((device) => device.backend !== 'rpc' && device.name !== undefined)
  const [mine, theirs] = [named(left), named(right)]
  if (mine.length === 0 || theirs.length === 0) return true
  return mine.some((one) => theirs.some((other) => sameCardName(one, other)))
}

function homeOf(groups: readonly OpenGroup[], read: ReadSection, book: NotesBook): OpenGroup | undefined {
  const headless = groups.filter((group) => group.hostName === undefined)
  const uuids = identities(read.reading.devices, 'uuid')
  const sharing = headless.find((group) => share(identities(cardsOf(group), 'uuid'), uuids))
  if (sharing !== undefined) return sharing
  const current = headless.at(-1)
  if (current === undefined) return undefined
  if (continues(current, read)) return current
  const cards = cardsOf(current)
  if (uuids.size > 0 && identities(cards, 'uuid').size > 0) return undefined
  if (!namesMeet(read.reading.devices, cards)) return undefined
  if (!hasFormat(current, read)) return current
  return sameAgain(current, read, book)
}

/** Another card of the host whose cards the same tool was asked for one by one: it has a number and a bus of its own. */
function continues(current: OpenGroup, { format, reading }: ReadSection): boolean {
  const [card] = reading.devices
  const others = current.sections.filter((other) => other.format.id === format.id).flatMap((one) => one.reading.devices)
  if (reading.oneOfSeveral !== true || card?.smiIndex === undefined || others.length === 0) return false
  return others.every((other) => {
    const same = other.pciBusId === card.pciBusId
    if (same !== (other.smiIndex === card.smiIndex)) return false
    return !same || other.reported === undefined || card.reported === undefined
  })
}

/** The same tool twice with no UUID to tell hosts apart. */
function sameAgain(current: OpenGroup, read: ReadSection, book: NotesBook): OpenGroup | undefined {
  const same = current.sections.filter((other) => other.format.id === read.format.id)
  const earlier = same.findLast((other) => other.reading.devices.length > 0)
  if (earlier === undefined) return current
  const notes = book.forSection(read.section.index, read.format.id)
  const [mine, theirs] = [read, earlier].map(({ reading }) => describeCards(reading.devices))
  if (mine !== theirs) return undefined
  const place = { line: read.section.firstLine, detail: `the same cards as from line ${earlier.section.firstLine}` }
  if (identities(read.reading.devices, 'pciBusId').size === 0) notes.refuse('host-ambiguous', place)
  else notes.warn('host-assumed', place)
  return current
}

const describeCards = (devices: readonly DeviceReading[]): string =>
  devices.map(({ name, pciBusId, reported }) => `${name ?? ''} ${pciBusId ?? ''} ${reported ?? ''}`).join('\n')
