import { isRecord } from '../json/check.ts'
import { lineOfPath } from '../json/path-line.ts'
import type { JsonFields } from '../json/read-field.ts'
import { fieldsOf } from '../json/read-field.ts'
import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { comparePci } from '../text/figures.ts'
import { amdLink } from './amd-figures.ts'
import { placePartitions } from './amd-partitions.ts'
import type { DeviceReading, JsonFormat, LinkReading, Section } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { lookUp, readRocmCard } from './rocm-smi-card.ts'

const isCardKey = (key: string): boolean => /^card\d{1,3}$/.test(key)
const linkType = /^\(topology\) link type between drm devices (\d{1,3}) and (\d{1,3})$/i

/** `rocm-smi -a --json` or a part of it; `--showtopo` puts what is between cards under `system`. */
export const rocmSmi: JsonFormat = {
  id: 'rocm-smi-json',
  rank: 2,
  kind: 'json',
  accepts: (value) =>
    isRecord(value) &&
    (Object.keys(value).some(isCardKey) || Object.keys(fieldsOf(value['system'])).some((key) => linkType.test(key))),
  readJson: (value, section, notes) => {
    const cards = Object.entries(value as JsonFields).filter(([key]) => isCardKey(key))
    if (tooMany(cards.length, { notes, line: section.firstLine, what: 'cards' })) return nothingRead
    const system = fieldsOf((value as JsonFields)['system'])
    const devices = cards
      .map(([key, card]) => readCard(key, card, { section, notes }))
      .filter((device) => device !== undefined)
    return {
      devices: rocmDevices(devices, notes),
      links: linksOf(system, section.firstLine + lineOfPath(section.lines, ['system'])),
      host: defined({ driverVersion: lookUp(system, ['driver version'])?.text.slice(0, 64) }),
    }
  },
}

function readCard(
  key: string,
  card: unknown,
  { section, notes }: { readonly section: Section; readonly notes: Notes },
): DeviceReading | undefined {
  const lineOf = (...path: readonly string[]) => section.firstLine + lineOfPath(section.lines, [key, ...path])
  if (!isRecord(card)) {
    notes.refuse('malformed', { line: lineOf(), field: key, detail: `${key} is no record` })
    return undefined
  }
  return readRocmCard({ key, line: lineOf(), fields: card, lineOf }, notes)
}

/** Nothing is printed of a card's memory or name where only its place among the others was asked for. */
const saysAnything = ({ name, reported, pciBusId, uuid, unified }: DeviceReading): boolean =>
  [name, reported, pciBusId, uuid].some((figure) => figure !== undefined) || unified === true

/** Cards are numbered by the kernel; HIP counts by bus. */
export function rocmDevices(devices: readonly DeviceReading[], notes: Notes): readonly DeviceReading[] {
  const placed = placePartitions(devices.filter(saysAnything), notes)
  return placed.every((device) => device.pciBusId !== undefined)
    ? placed.toSorted((a, b) => comparePci(a.pciBusId!, b.pciBusId!))
    : placed
}

function linksOf(system: JsonFields, line: number): readonly LinkReading[] {
  return Object.entries(system)
    .slice(0, limits.linksPerMachine)
    .map(([key, type]) => {
      const [, from, to] = linkType.exec(key) ?? []
      if (from === undefined || to === undefined) return undefined
      const hops = lookUp(system, [`(topology) hops between drm devices ${from} and ${to}`])?.text
      const between = { line, from: Number(from), to: Number(to) }
      return amdLink(between, String(type), hops === undefined ? undefined : Number(hops))
    })
    .filter((link) => link !== undefined)
}
