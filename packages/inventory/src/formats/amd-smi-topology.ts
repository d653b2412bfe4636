import { isRecord } from '../json/check.ts'
import type { JsonFields, JsonPlace } from '../json/read-field.ts'
import { lineOf, readFields } from '../json/read-field.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import type { Figure } from '../text/figures.ts'
import { orUnknown, parseNumber, parsePciBusId, saysUnknown } from '../text/figures.ts'
import { endWhile } from '../text/lines.ts'
import { amdLink } from './amd-figures.ts'
import type { JsonFormat, LinkReading, Section, SectionReading, TextFormat } from './format.ts'
import { nothingRead } from './format.ts'

const isGpu = (value: unknown): value is JsonFields & { readonly links: readonly unknown[] } =>
  isRecord(value) && Object.hasOwn(value, 'bdf') && Array.isArray(value['links'])

/** `amd-smi topology --json`: each card with what leads from it to every other. */
export const amdSmiTopologyJson: JsonFormat = {
  id: 'amd-smi-topology-json',
  rank: 6,
  kind: 'json',
  accepts: (value) => Array.isArray(value) && value.length > 0 && value.every(isGpu),
  readJson: (value, section, notes) => {
    const gpus = value as readonly (JsonFields & { readonly links: readonly unknown[] })[]
    const most = Math.max(gpus.length, ...gpus.map(({ links }) => links.length))
    if (tooMany(most, { notes, line: section.firstLine, what: 'GPUs' })) return nothingRead
    const links = gpus.flatMap((gpu, from) =>
      gpu.links.map((link, to) => readLink(gpu, link, { path: [from, 'links', to], section, notes })),
    )
    return { ...nothingRead, links: links.filter((link) => link !== undefined) }
  },
}

function readLink(gpu: JsonFields, entry: unknown, place: JsonPlace): LinkReading | undefined {
  if (!isRecord(entry)) return undefined
  const { need, want } = readFields(entry, place)
  const [from, to] = [parsePciBusId(String(gpu['bdf'])), need('bdf', parsePciBusId)]
  // Each pair is told twice.
  if (from === undefined || from === 'invalid' || to === undefined || from >= to) return undefined
  const hops = want('num_hops', parseNumber)
  const link = amdLink({ line: lineOf(place), from, to }, String(entry['link_type']), hops)
  return withSpeed(link, want('bandwidth', parseBandwidth))
}

/** "50000-100000": the least and the most between two cards, in MB/s. */
function parseBandwidth(text: string): Figure<number> {
  if (saysUnknown(text)) return undefined
  const most = /^\d{1,9}-(\d{1,9})$/.exec(text.trim())?.[1]
  if (most === undefined) return 'invalid'
  return Number(most) === 0 ? undefined : Number(most) * 1e6
}

const withSpeed = (link: LinkReading | undefined, speed: number | undefined): LinkReading | undefined =>
  link === undefined || speed === undefined ? link : { ...link, bytesPerSecond: speed }

const lineCharacters = 16_384
const title = /^(?:ACCESS|WEIGHT|HOPS|LINK TYPE|NUMA BW|[A-Z][A-Z -]{2,30}) TABLE:\s*$/
const busIds = /\b[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]\b/gi
const legend = /^(?:Legend:|\s{2}\S.* = )/

const belongs = (line: string): boolean =>
  line.trim() === '' || title.test(line) || legend.test(line) || /^\s*[0-9a-f]{4}:[0-9a-f]{2}:/i.test(line)

/** `amd-smi topology`: tables of what is between every two cards, which are called by their bus ids. */
export const amdSmiTopologyText: TextFormat = {
  id: 'amd-smi-topology-text',
  rank: 6,
  kind: 'text',
  starts: (lines, at) =>
    title.test(lines[at]!.slice(0, 64)) && /^\s+[0-9a-f]{4}:[0-9a-f]{2}:/i.test((lines[at + 1] ?? '').slice(0, 64)),
  end: (lines, at) => endWhile(lines, at, (line) => belongs(line.slice(0, lineCharacters))),
  // A legend's title reads like a host's name.
  spansHeadings: true,
  read: readTables,
}

interface Pair {
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
}

function readTables(section: Section, notes: Notes): SectionReading {
  const pairs = new Map<string, Pair>()
  let table = ''
  let columns: readonly string[] = []
  for (const [place, text] of section.lines.entries()) {
    if (text.length > lineCharacters) continue
    if (title.test(text)) table = text.trim().slice(0, -' TABLE:'.length)
    const [from, ...others] = text.match(busIds) ?? []
    if (from === undefined) continue
    if (/^\s/.test(text)) columns = [from, ...others]
    if (tooMany(columns.length, { notes, line: section.firstLine, what: 'GPUs' })) return nothingRead
    if (/^\s/.test(text)) continue
    const cells = text.slice(from.length).trim().split(/\s+/)
    for (const [column, to] of columns.entries()) {
      if (from >= to || cells[column] === undefined) continue
      const key = `${from} ${to}`
      const known = pairs.get(key) ?? { line: section.firstLine + place, cells: {} }
      pairs.set(key, { ...known, cells: { ...known.cells, [table]: cells[column] } })
    }
  }
  const links = [...pairs].map(([pair, known]) => linkOf(pair.split(' '), known))
  return { ...nothingRead, links: links.filter((link) => link !== undefined) }
}

function linkOf([first, second]: readonly string[], { line, cells }: Pair): LinkReading | undefined {
  const [from, to] = [parsePciBusId(first ?? ''), parsePciBusId(second ?? '')]
  if (from === undefined || from === 'invalid' || to === undefined || to === 'invalid') return undefined
  const hops = parseNumber(cells['HOPS'] ?? '')
  const speed = parseBandwidth(cells['NUMA BW'] ?? '')
  const link = amdLink({ line, from, to }, cells['LINK TYPE'] ?? '', orUnknown(hops))
  return withSpeed(link, orUnknown(speed))
}
