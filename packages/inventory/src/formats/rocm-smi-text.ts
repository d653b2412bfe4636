import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { endWhile } from '../text/lines.ts'
import { amdLink } from './amd-figures.ts'
import type { LinkReading, Section, SectionReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { rocmDevices } from './rocm-smi.ts'
import { readRocmCard } from './rocm-smi-card.ts'

const lineCharacters = 4096
const title = /^=+ ROCm System Management Interface =+\s*$/
const ruler = /^=+(?: [^=]{1,80} =+)?\s*$/
/** `GPU[0]		: Card Series: 		AMD Instinct MI300X`, and `GPU 0` once it has been on a web page. */
const cardLine = /^GPU(?:\[(\d{1,3})\]| (\d{1,3}))\s*: (.{1,200}?):\s+(\S.*)$/
/** Of the tables between cards: the header names the cards, and so does the beginning of each row. */
const tableLine = /^(?:GPU\d{1,3}|\s+GPU\d{1,3})\s/
/** What it says of the host: `Driver version: 6.8.5`. */
const hostLine = /^Driver version: (\S{1,64})\s*$/i
/** The summary that is printed when nothing is asked for, and remarks between two tables. */
const otherLine = /^(?:Device\s|\d{1,3}\s|\s{2,}\S|WARNING|ERROR|GPU\[)/

const belongs = (line: string): boolean =>
  line.length <= lineCharacters &&
  (line.trim() === '' || [ruler, cardLine, tableLine, hostLine, otherLine].some((pattern) => pattern.test(line)))

/** `rocm-smi` without `--json`, by whichever of its options: rulers, a line a figure, and tables between cards. */
export const rocmSmiText: TextFormat = {
  id: 'rocm-smi-text',
  rank: 2,
  kind: 'text',
  starts: (lines, at) => {
    const line = lines[at]!
    return line.length <= lineCharacters && (title.test(line) || cardLine.test(line))
  },
  end: (lines, at) => endWhile(lines, at, (line) => belongs(line) && !title.test(line.slice(0, lineCharacters))),
  // A ruler with a word in it reads like a host's name.
  spansHeadings: true,
  read: readText,
}

function readText(section: Section, notes: Notes): SectionReading {
  const cards = new Map<
    number,
    { readonly line: number; readonly fields: Map<string, string>; readonly lines: Map<string, number> }
  >()
  let driverVersion: string | undefined
  section.lines.forEach((text, place) => {
    if (text.length > lineCharacters) return
    const line = section.firstLine + place
    driverVersion ??= hostLine.exec(text)?.[1]
    const [, bracketed, spaced, field, value] = cardLine.exec(text) ?? []
    if (field === undefined || value === undefined) return
    const number = Number(bracketed ?? spaced)
    const card = cards.get(number) ?? { line, fields: new Map(), lines: new Map() }
    cards.set(number, card)
    card.fields.set(field.trim(), value.trim())
    card.lines.set(field.trim(), line)
  })
  if (tooMany(cards.size, { notes, line: section.firstLine, what: 'cards' })) return nothingRead
  const devices = [...cards].map(([number, { line, fields, lines }]) => {
    const lineOf = (field: string) => lines.get(field) ?? line
    return readRocmCard({ key: `card${number}`, line, fields: Object.fromEntries(fields), lineOf }, notes)
  })
  const links = readTables(section)
  if (devices.length + links.length === 0) {
    const detail = 'the summary of rocm-smi has neither names nor sizes: run rocm-smi -a --json'
    notes.warn('section-ignored', { line: section.firstLine, detail })
  }
  return { devices: rocmDevices(devices, notes), links, host: defined({ driverVersion }) }
}

/** The tables of link types and of hops, each under a ruler that says so. */
function readTables(section: Section): readonly LinkReading[] {
  const cells = new Map<string, { readonly line: number; readonly type?: string; readonly hops?: number }>()
  let table: 'type' | 'hops' | undefined
  let columns: readonly number[] = []
  section.lines.forEach((text, place) => {
    if (text.length > lineCharacters) return
    if (ruler.test(text))
      table = /Link Type between/i.test(text) ? 'type' : /Hops between/i.test(text) ? 'hops' : undefined
    const row = /^GPU(\d{1,3})((?:\s+(?!GPU)[\w-]+)+)\s*$/.exec(text)
    if (row === null) {
      if (/^\s+GPU\d/.test(text)) columns = [...text.matchAll(/GPU(\d{1,3})/g)].map((match) => Number(match[1]))
      return
    }
    if (table === undefined || columns.length > limits.devicesPerMachine) return
    row[2]!
      .trim()
      .split(/\s+/)
      .slice(0, columns.length)
      .forEach((cell, column) => {
        const [from, to] = [Number(row[1]), columns[column]!]
        if (from >= to) return
        const told = table === 'type' ? { type: cell } : { hops: Number(cell) }
        cells.set(`${from} ${to}`, { line: section.firstLine + place, ...cells.get(`${from} ${to}`), ...told })
      })
  })
  return [...cells]
    .map(([pair, { line, type, hops }]) => {
      const [from, to] = pair.split(' ').map(Number)
      return amdLink({ line, from: from!, to: to! }, type ?? '', hops)
    })
    .filter((link) => link !== undefined)
}
