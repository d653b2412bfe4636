import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { delimiterOf, parseCsvLine } from '../text/csv.ts'
import type { Figure } from '../text/figures.ts'
import { parseMemory, parseNumber, parsePciBusId, parseSwitch, parseUuid, saysUnknown } from '../text/figures.ts'
import type { DeviceReading, Section, SectionReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { unaccounted } from './smi-tree.ts'

/** Column names as `nvidia-smi --help-query-gpu` lists them, with the aliases it accepts. */
const columns = {
  index: ['index'],
  name: ['name', 'gpu_name'],
  uuid: ['uuid', 'gpu_uuid'],
  busId: ['pci.bus_id', 'gpu_bus_id'],
  total: ['memory.total'],
  used: ['memory.used'],
  free: ['memory.free'],
  reserved: ['memory.reserved'],
  architecture: ['compute_cap'],
  driver: ['driver_version', 'kmd_version'],
  count: ['count'],
  generation: ['pcie.link.gen.current', 'pcie.link.gen.gpucurrent'],
  generationMax: ['pcie.link.gen.max', 'pcie.link.gen.gpumax'],
  width: ['pcie.link.width.current'],
  widthMax: ['pcie.link.width.max'],
  powerLimit: ['enforced.power.limit', 'power.limit'],
  powerDefault: ['power.default_limit'],
  ecc: ['ecc.mode.current'],
  mig: ['mig.mode.current'],
  display: ['display_attached', 'display_active'],
} as const

type Column = keyof typeof columns

const known = new Set<string>(Object.values(columns).flat())
/** Columns of the process, page and remap queries, which list cards too. */
const otherQueries =
  /^(?:pid|process_name|used_gpu_memory|used_memory|gpu_util(?:ization)?|max_memory_usage|retired_pages\..*|remapped_rows\..*)$/

interface HeaderCell {
  readonly name: string
  readonly unit: string | undefined
}

/** The columns of a header line; undefined when the line is none. */
function readHeader(line: string): { readonly cells: readonly HeaderCell[]; readonly delimiter: string } | undefined {
  if (line.length > 16_384) return undefined
  const delimiter = delimiterOf(line)
  const cells = line.split(delimiter).map((cell): HeaderCell | undefined => {
    const match = /^"?([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)(?: \[([^\]]{1,12})\])?"?$/i.exec(cell.trim())
    return match === null ? undefined : { name: match[1]!.toLowerCase(), unit: match[2] }
  })
  const complete = cells.filter((cell) => cell !== undefined)
  return complete.length === cells.length && complete.some((cell) => known.has(cell.name))
    ? { cells: complete, delimiter }
    : undefined
}

function headerAt(lines: readonly string[], at: number): ReturnType<typeof readHeader> {
  const header = readHeader(lines[at]!)
  if (header === undefined || header.cells.length > 1) return header
  // One word alone may be anything: in quotes it is documentation, and above another name a list of names.
  return /^\s*"/.test(lines[at]!) ||
    /^(?:[A-Za-z]\w*(?:\.\w*[A-Za-z_]\w*)+|[a-z_]+)$/.test(lines[at + 1]?.trim().slice(0, 200) ?? '')
    ? undefined
    : header
}

/** A query of every field has some of their columns too. */
const ofCards = new Set(['memory.total', 'memory.free', 'compute_cap', 'driver_version', 'index', 'pci.bus_id'])

const isOtherQuery = (cells: readonly HeaderCell[]): boolean =>
  cells.some((cell) => otherQueries.test(cell.name)) && !cells.some((cell) => ofCards.has(cell.name))

function tableEnd(lines: readonly string[], at: number): number {
  const delimiter = headerAt(lines, at)?.delimiter ?? ','
  const isRow = lines[at]!.includes(delimiter)
    ? (line: string) => line.includes(delimiter)
    : (line: string) => line.trim() !== ''
  let end = at + 1
  while (end < lines.length && isRow(lines[end]!)) end += 1
  return end
}

/** `nvidia-smi --query-gpu=… --format=csv`, any columns, with or without units. */
export const nvidiaSmiCsv: TextFormat = {
  id: 'nvidia-smi-csv',
  rank: 2,
  kind: 'text',
  starts: (lines, at) => {
    const header = headerAt(lines, at)
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
  const header = headerAt(section.lines, 0)
  if (header === undefined) return nothingRead
  if (header.cells.length > limits.csvColumns) {
    const detail = `${header.cells.length} columns`
    notes.refuse('limit-exceeded', { line: section.firstLine, limit: limits.csvColumns, detail })
    return nothingRead
  }
  const rows = section.lines.slice(1)
  if (rows.length > limits.devicesPerMachine) {
    const line = section.firstLine + limits.devicesPerMachine + 1
    notes.refuse('limit-exceeded', { line, limit: limits.devicesPerMachine, detail: `${rows.length} rows` })
    return nothingRead
  }
  const tables = rows.map((row, place) => readCells(row, header, { line: section.firstLine + 1 + place, notes }))
  const read = lastOfEach(tables.filter((row) => row !== undefined))
  const showsAll = read.every((row) => row.text('count') === undefined || Number(row.text('count')) === read.length)
  const devices = read.map((row, place) => readRow(row, showsAll ? place : undefined, notes))
  return {
    devices,
    host: defined({
      driverVersion: read.map((row) => /^\d[\w.-]{0,31}/.exec(row.text('driver') ?? '')?.[0]).find(Boolean),
    }),
  }
}

/** `-l 1` prints the same cards again and again: the last time counts. */
function lastOfEach(rows: readonly Row[]): readonly Row[] {
  const identity = (row: Row): string => {
    const signs = [parseUuid(row.text('uuid') ?? ''), row.text('busId'), row.text('index')]
    return signs.some((sign) => sign !== undefined) ? signs.join(' ') : `line ${row.line}`
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

function readCells(
  row: string,
  header: NonNullable<ReturnType<typeof readHeader>>,
  at: { readonly line: number; readonly notes: Notes },
): Row | undefined {
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
  const minor = <Value>(column: Column, parseText: (text: string) => Figure<Value>): Value | undefined =>
    readFigure(row, { column, parse: parseText, report: (place) => notes.warn('value-ignored', place) })
  const memory = (column: Column) =>
    readFigure(row, {
      column,
      parse: (text) => parseMemory(text, row.unit(column) ?? 'MiB'),
      report: (place) => notes.refuse('value-invalid', place),
    })
  const [reported, used, free] = [memory('total'), memory('used'), memory('free')]
  const pcie = defined({
    generation: minor('generation', parseNumber),
    generationMax: minor('generationMax', parseNumber),
    width: minor('width', parseNumber),
    widthMax: minor('widthMax', parseNumber),
  })
  return defined({
    line: row.line,
    backend: 'cuda' as const,
    name: row.text('name'),
    uuid: minor('uuid', parseUuid),
    pciBusId: minor('busId', parsePciBusId),
    smiIndex: minor('index', parseIndex) ?? order,
    architecture: minor('architecture', parseComputeCapability),
    reported,
    used,
    driverReserved: memory('reserved') ?? unaccounted(reported, used, free),
    pcie: Object.keys(pcie).length === 0 ? undefined : pcie,
    powerLimitWatts: minor('powerLimit', parseNumber),
    powerDefaultWatts: minor('powerDefault', parseNumber),
    eccEnabled: minor('ecc', parseSwitch),
    migEnabled: minor('mig', parseSwitch),
    displayAttached: minor('display', parseSwitch),
  })
}

function readFigure<Value>(
  row: Row,
  wanted: {
    readonly column: Column
    readonly parse: (text: string) => Figure<Value>
    readonly report: (place: { readonly line: number; readonly field: string; readonly detail: string }) => void
  },
): Value | undefined {
  const text = row.text(wanted.column)
  if (text === undefined) return undefined
  const figure = wanted.parse(text)
  if (figure !== 'invalid') return figure
  wanted.report({ line: row.line, field: row.field(wanted.column), detail: text })
  return undefined
}

const parseIndex = (text: string): Figure<number> => (/^\d{1,4}$/.test(text) ? Number(text) : 'invalid')
const parseComputeCapability = (text: string): Figure<string> => (/^\d{1,2}\.\d$/.test(text) ? text : 'invalid')
