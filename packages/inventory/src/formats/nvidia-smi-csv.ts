import { readerOf } from '../field-reader.ts'
import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { parseCsvLine } from '../text/csv.ts'
import type { Figure } from '../text/figures.ts'
import { parseMemory, parseNumber, parsePciBusId, parseSwitch, parseUuid, saysUnknown } from '../text/figures.ts'
import type { DeviceReading, Section, SectionReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'
import type { Column, Header } from './nvidia-smi-csv-header.ts'
import { columns, headerAt, isOtherQuery, tableEnd } from './nvidia-smi-csv-header.ts'
import { isWindowsModel, unaccounted, usedOf } from './smi-tree.ts'

/** `nvidia-smi --query-gpu=… --format=csv`, any columns, with or without units. */
export const nvidiaSmiCsv: TextFormat = {
  id: 'nvidia-smi-csv',
  rank: 2,
  kind: 'text',
  starts: (lines, at, command) => {
    const header = headerAt(lines, at, command)
    return header !== undefined && !isOtherQuery(header.cells)
  },
  end: tableEnd,
  read: readTable,
}

/** `--query-compute-apps` and its like: recognised, so that a whole capture can be pasted, and left alone. */
export const nvidiaSmiCsvOther: TextFormat = {
  id: 'nvidia-smi-csv-other',
  rank: 99,
  kind: 'text',
  starts: (lines, at) => {
    const header = headerAt(lines, at)
    return header !== undefined && isOtherQuery(header.cells)
  },
  end: tableEnd,
  read: (section, notes) => {
    notes.warn('section-ignored', { line: section.firstLine, detail: section.lines[0]! })
    return nothingRead
  },
}

function readTable(section: Section, notes: Notes): SectionReading {
  const header = headerAt(section.lines, 0, section.command)
  if (header === undefined) return nothingRead
  if (tooMany(header.cells.length, { notes, line: section.firstLine, what: 'columns', limit: limits.csvColumns }))
    return nothingRead
  const rows = section.lines.slice(header.lines)
  const firstRow = section.firstLine + header.lines
  if (tooMany(rows.length, { notes, line: firstRow + limits.devicesPerMachine, what: 'rows' })) return nothingRead
  const tables = rows.map((row, place) => readCells(row, header, { line: firstRow + place, notes }))
  const read = lastOfEach(tables.filter((row) => row !== undefined))
  const names = [...new Set(read.map((row) => row.text('hostName')))]
  if (names.every((name) => name === undefined)) return readHost(read, notes)
  const hosts = names.map((name) => ({
    hostName: section.hostName ?? name ?? '',
    reading: readHost(
      read.filter((row) => row.text('hostName') === name),
      notes,
    ),
  }))
  const unnamed = hosts.find(({ hostName }) => hostName === '' || hostName.length > limits.hostNameCharacters)
  if (unnamed === undefined) return { ...nothingRead, hosts }
  notes.refuse('value-invalid', { line: firstRow, field: 'hostname', detail: unnamed.hostName })
  return nothingRead
}

/** The rows of one host. */
function readHost(rows: readonly Row[], notes: Notes): SectionReading {
  const showsAll = rows.every((row) => row.text('count') === undefined || Number(row.text('count')) === rows.length)
  const windows = rows.some((row) => isWindowsModel(row.text('driverModel') ?? ''))
  return {
    devices: rows.map((row, place) => readRow(row, showsAll ? place : undefined, notes)),
    host: defined({
      os: windows ? ('windows' as const) : undefined,
      driverVersion: rows.map((row) => /^\d[\w.-]{0,31}/.exec(row.text('driver') ?? '')?.[0]).find(Boolean),
    }),
  }
}

/** `-l 1` prints the same cards again and again: the last time counts. */
function lastOfEach(rows: readonly Row[]): readonly Row[] {
  const identity = (row: Row): string => {
    const signs = [parseUuid(row.text('uuid') ?? ''), row.text('busId'), row.text('index')]
    const known = signs.some((sign) => sign !== undefined)
    return known ? [row.text('hostName'), ...signs].join(' ') : `line ${row.line}`
  }
  return [...new Map(rows.map((row) => [identity(row), row])).values()]
}

interface Row {
  readonly line: number
  /** The cell's text; undefined when the column is missing or the tool does not know. */
  readonly text: (column: Column) => string | undefined
  readonly field: (column: Column) => string
  readonly unit: (column: Column) => string | undefined
}

function readCells(row: string, header: Header, at: { readonly line: number; readonly notes: Notes }): Row | undefined {
  const cells = parseCsvLine(row, header.delimiter)
  if (cells === undefined || cells.length !== header.cells.length) {
    const found = cells === undefined ? row : `${cells.length} cells under ${header.cells.length} columns: ${row}`
    at.notes.refuse('malformed', { line: at.line, detail: found })
    return undefined
  }
  const place = (column: Column): number => {
    const candidates = columns[column].map((name) => header.cells.findIndex((cell) => cell.name === name))
    const present = candidates.filter((candidate) => candidate !== -1)
    return present.find((candidate) => !saysUnknown(cells[candidate]!)) ?? present[0] ?? -1
  }
  return {
    line: at.line,
    text: (column) => {
      const text = cells[place(column)]
      return text === undefined || saysUnknown(text) ? undefined : text
    },
    field: (column) => header.cells[place(column)]?.name ?? column,
    unit: (column) => header.cells[place(column)]?.unit,
  }
}

function readRow(row: Row, order: number | undefined, notes: Notes): DeviceReading {
  const { need, want } = readerOf((column: Column) => {
    const text = row.text(column)
    return text === undefined ? undefined : { text, place: () => ({ line: row.line, field: row.field(column) }) }
  }, notes)
  const memory = (column: Column) => need(column, (text) => parseMemory(text, row.unit(column) ?? 'MiB'))
  const [reported, used, free] = [memory('total'), memory('used'), memory('free')]
  const reserved = memory('reserved')
  const pcie = defined({
    generation: want('generation', parseNumber),
    generationMax: want('generationMax', parseNumber),
    width: want('width', parseNumber),
    widthMax: want('widthMax', parseNumber),
  })
  return defined({
    line: row.line,
    backend: 'cuda' as const,
    name: row.text('name'),
    uuid: want('uuid', parseUuid),
    pciBusId: want('busId', parsePciBusId),
    smiIndex: want('index', parseIndex) ?? order,
    architecture: want('architecture', parseComputeCapability),
    reported,
    used: used ?? usedOf(reported, free, reserved),
    driverReserved: reserved ?? unaccounted(reported, used, free),
    pcie: Object.keys(pcie).length === 0 ? undefined : pcie,
    powerLimitWatts: want('powerLimit', parseNumber),
    powerDefaultWatts: want('powerDefault', parseNumber),
    eccEnabled: want('ecc', parseSwitch),
    migEnabled: want('mig', parseSwitch),
    displayAttached: want('display', parseSwitch),
  })
}

const parseIndex = (text: string): Figure<number> => (/^\d{1,4}$/.test(text) ? Number(text) : 'invalid')
const parseComputeCapability = (text: string): Figure<string> => (/^\d{1,2}\.\d$/.test(text) ? text : 'invalid')
