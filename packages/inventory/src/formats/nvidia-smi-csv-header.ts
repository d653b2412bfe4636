import { delimiterOf, parseCsvLine } from '../text/csv.ts'
import { endWhile } from '../text/lines.ts'

/** Column names as `nvidia-smi --help-query-gpu` lists them, with the aliases it accepts. */
export const columns = {
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
  driverModel: ['driver_model.current'],
  hostName: ['hostname'],
  display: ['display_active', 'display_attached'],
} as const

export type Column = keyof typeof columns

/** A host's name alone is no table of cards. */
const known = new Set<string>(Object.values({ ...columns, hostName: [] }).flat())
/** Columns of the process, page and remap queries, which list cards too. */
const otherQueries =
  /^(?:pid|process_name|used_gpu_memory|used_memory|gpu_util(?:ization)?|max_memory_usage|retired_pages\..*|remapped_rows\..*)$/

interface HeaderCell {
  readonly name: string
  readonly unit: string | undefined
}

export interface Header {
  readonly cells: readonly HeaderCell[]
  readonly delimiter: string
  /** Lines it takes: none when it is the command that says what the columns are. */
  readonly lines: 0 | 1
}

/** The columns of a header line; undefined when the line is none. */
function readHeader(line: string): Header | undefined {
  if (line.length > 16_384) return undefined
  const delimiter = delimiterOf(line)
  const cells = line.split(delimiter).map((cell): HeaderCell | undefined => {
    const match = /^"?([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)(?: \[([^\]]{1,12})\])?"?$/i.exec(cell.trim())
    return match === null ? undefined : { name: match[1]!.toLowerCase(), unit: match[2] }
  })
  const complete = cells.filter((cell) => cell !== undefined)
  return complete.length === cells.length && complete.some((cell) => known.has(cell.name))
    ? { cells: complete, delimiter, lines: 1 }
    : undefined
}

const query = /--query-gpu[= ]"?([a-z][\w.,]{0,16000})/

/** The columns that a command without a header line asks for, where the line has a cell for each of them. */
function headerOfCommand(command: string | undefined, line: string): Header | undefined {
  const asked = command?.includes('noheader') === true ? query.exec(command)?.[1] : undefined
  const header = asked === undefined ? undefined : readHeader(asked)
  const cells = header === undefined ? undefined : parseCsvLine(line)
  return header !== undefined && cells?.length === header.cells.length ? { ...header, lines: 0 } : undefined
}

/** The columns of the table that begins at a line, by its header or else by the command that was typed above it. */
export function headerAt(lines: readonly string[], at: number, command?: string): Header | undefined {
  return headerLineAt(lines, at) ?? headerOfCommand(command, lines[at]!)
}

function headerLineAt(lines: readonly string[], at: number): Header | undefined {
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

export const isOtherQuery = (cells: readonly HeaderCell[]): boolean =>
  cells.some((cell) => otherQueries.test(cell.name)) && !cells.some((cell) => ofCards.has(cell.name))

export function tableEnd(lines: readonly string[], at: number, command?: string): number {
  const delimiter = headerAt(lines, at, command)?.delimiter ?? ','
  const isRow = lines[at]!.includes(delimiter)
    ? (line: string) => line.includes(delimiter)
    : (line: string) => line.trim() !== ''
  return endWhile(lines, at, isRow)
}
