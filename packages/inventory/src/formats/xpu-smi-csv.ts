import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { parseCsvLine } from '../text/csv.ts'
import type { Figure } from '../text/figures.ts'
import { parseMebibytes, parseName, parseNumber, parsePciBusId, saysUnknown } from '../text/figures.ts'
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
  end: (lines, at) => {
    let end = at + 1
    while (end < lines.length && /^\d{1,4}\s*(?:,|$)/.test(lines[end]!.slice(0, 64))) end += 1
    return end
  },
  read: readDump,
}

function readDump(section: Section, notes: Notes): SectionReading {
  const columns = parseCsvLine(section.lines[0]!) ?? []
  const rows = section.lines.slice(1)
  if (rows.length > limits.devicesPerMachine) {
    const detail = `${rows.length} rows`
    notes.refuse('limit-exceeded', { line: section.firstLine, limit: limits.devicesPerMachine, detail })
    return nothingRead
  }
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
  const read = <Value>(field: string, parse: (text: string) => Figure<Value>, major = false): Value | undefined => {
    const text = cells[columns.indexOf(field)] ?? ''
    const figure = parse(text)
    if (figure !== 'invalid') return figure
    if (major) notes.refuse('value-invalid', { line, field, detail: text })
    else notes.warn('value-ignored', { line, field, detail: text })
    return undefined
  }
  const pcie = defined({
    generationMax: read('PCIe Generation', parseNumber),
    widthMax: read('PCIe Max Link Width', parseNumber),
  })
  return defined({
    line,
    backend: 'sycl' as const,
    name: read('Device Name', parseName),
    pciBusId: read('PCI BDF Address', parsePciBusId),
    reported: read('Memory Physical Size', parseMebibytes, true),
    pcie: Object.keys(pcie).length === 0 ? undefined : pcie,
  })
}
