import { readerOf } from '../field-reader.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { parseCsvLine } from '../text/csv.ts'
import { parseMebibytes, parseName, parseNumber, parsePciBusId, saysUnknown } from '../text/figures.ts'
import { endWhile } from '../text/lines.ts'
import type { DeviceReading, Section, SectionReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'

const header = /^Device ID,\s?(?:[A-Z][\w .()/%-]{0,60})(?:,|$)/
const lineCharacters = 8192

/** `xpu-smi discovery --dump 1,2,11,16` and the like: the properties that were asked for, as CSV. */
export const xpuSmiCsv: TextFormat = {
  id: 'xpu-smi-csv',
  rank: 3,
  kind: 'text',
  starts: (lines, at) => lines[at]!.length <= lineCharacters && header.test(lines[at]!),
  end: (lines, at) => endWhile(lines, at, (line) => /^\d{1,4}\s*(?:,|$)/.test(line.slice(0, 64))),
  read: readDump,
}

function readDump(section: Section, notes: Notes): SectionReading {
  const columns = parseCsvLine(section.lines[0]!) ?? []
  const rows = section.lines.slice(1)
  if (tooMany(rows.length, { notes, line: section.firstLine, what: 'rows' })) return nothingRead
  const read = rows.map((row, place) => {
    const line = section.firstLine + 1 + place
    const cells = parseCsvLine(row)
    if (cells?.length === columns.length) return { line, cells }
    notes.refuse('malformed', { line, detail: `not ${columns.length} cells: ${row}` })
    return { line, cells: [] }
  })
  const driverColumn = columns.indexOf('Driver Version')
  const driver = read.map(({ cells }) => cells[driverColumn]).find((text) => !saysUnknown(text ?? ''))
  return {
    devices: read.map(({ line, cells }) => readDevice({ line, columns, cells, notes })),
    host: defined({ driverVersion: driver?.slice(0, 64) }),
    saysNoDevices: true,
  }
}

interface Row {
  readonly line: number
  readonly columns: readonly string[]
  readonly cells: readonly string[]
  readonly notes: Notes
}

function readDevice({ line, columns, cells, notes }: Row): DeviceReading {
  const { need, want } = readerOf((field: string) => {
    const text = cells[columns.indexOf(field)]
    return text === undefined ? undefined : { text, place: () => ({ line, field }) }
  }, notes)
  const pcie = defined({
    generationMax: want('PCIe Generation', parseNumber),
    widthMax: want('PCIe Max Link Width', parseNumber),
  })
  return defined({
    line,
    backend: 'sycl' as const,
    name: want('Device Name', parseName),
    pciBusId: want('PCI BDF Address', parsePciBusId),
    reported: need('Memory Physical Size', parseMebibytes),
    pcie: Object.keys(pcie).length === 0 ? undefined : pcie,
  })
}
