import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { accepted, orUnknown, parseMemory, parseName, parsePciBusId, parseSwitch } from '../text/figures.ts'
import { endWhile } from '../text/lines.ts'
import type { DeviceReading, HostReading, Section, SectionReading, SliceReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { isWindowsModel } from './smi-tree.ts'

const lineCharacters = 512
const rule = /^\+[-=+]+\+\s*$/
const banner = /^\|\s*NVIDIA-SMI\s/
const date = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\s*$/
const gpuRow =
  /^\|\s+(\d{1,4})\s+(\S.*?)\s+(On|Off|N\/A|WDDM|TCC|MCDM)\s*\|\s*([0-9A-F]{4,8}:[0-9A-F]{2}:[0-9A-F]{2}\.[0-9A-F]|N\/A)\s+(\S+)\s*\|\s*(\S+)\s*\|\s*$/i
const memoryCell = /\|\s*(\d{1,9}MiB)\s*\/\s*(\d{1,9}MiB)\s*\|/
const powerCell = /\/\s*(\d{1,5})W\s*\|/
const migRow = /^\|\s+(?:\|[^|]*){1,2}\|?\s*(Enabled|Disabled)\*?\s*\|\s*$/
const sliceRow = /^\|\s+(\d{1,4})\s+(\d{1,4})\s+(\d{1,4})\s+(\d{1,4})\s+\|\s*(\d{1,9})MiB\s*\/\s*(\d{1,9})MiB\s*\|/

const isTableLine = (line: string): boolean => /^[|+]/.test(line) || /^\s*$/.test(line)

/** The banner stands one line below a table's first; further down it is the next table's. */
const isNextTable = (lines: readonly string[], at: number, line: number): boolean =>
  line > at + 1 && rule.test(lines[line]!.slice(0, lineCharacters)) && banner.test(lines[line + 1] ?? '')

/** The table of plain `nvidia-smi`. It cuts names short, which -L mends. */
export const nvidiaSmiTable: TextFormat = {
  id: 'nvidia-smi-table',
  rank: 7,
  kind: 'text',
  starts: (lines, at) => {
    const line = lines[at]!
    if (line.length > lineCharacters) return false
    const next = [line, lines[at + 1] ?? '', lines[at + 2] ?? '']
    if (date.test(line)) return rule.test(next[1]!.slice(0, lineCharacters)) && banner.test(next[2]!)
    return banner.test(line) || (rule.test(line) && banner.test(next[1]!))
  },
  end: (lines, at) => endWhile(lines, at, (line, end) => isTableLine(line) && !isNextTable(lines, at, end)),
  read: readTable,
}

function readTable(section: Section, notes: Notes): SectionReading {
  const devices: DeviceReading[] = []
  let driverVersion: string | undefined
  let os: HostReading['os']
  section.lines.forEach((text, place) => {
    if (text.length > lineCharacters) return
    driverVersion ??= /(?:Driver|KMD) Version:\s*([\w.]{1,32})/.exec(text)?.[1]
    const row = gpuRow.exec(text)
    if (row !== null) {
      devices.push(readGpu(row, { line: section.firstLine + place, figures: section.lines[place + 1] ?? '', notes }))
      if (isWindowsModel(row[3]!)) os = 'windows'
    }
    const last = devices.at(-1)
    if (last !== undefined && migRow.exec(text)?.[1] === 'Enabled')
      devices[devices.length - 1] = { ...last, migEnabled: true }
    addSlice(text, section.firstLine + place, devices)
  })
  if (tooMany(devices.length, { notes, line: section.firstLine, what: 'GPUs' })) return nothingRead
  return { devices, host: defined({ os, driverVersion }) }
}

function readGpu(
  match: RegExpExecArray,
  row: { readonly line: number; readonly figures: string; readonly notes: Notes },
): DeviceReading {
  const figures = row.figures.slice(0, lineCharacters)
  const [memoryMatch, power] = [memoryCell.exec(figures), powerCell.exec(figures)?.[1]]
  const [name, display, ecc] = [orUnknown(parseName(match[2]!)), match[5]!, match[6]!]
  const place = { line: row.line + 1, field: 'Memory-Usage', detail: row.figures }
  const memory = (cell: string | undefined) =>
    accepted(parseMemory(cell ?? ''), () => row.notes.refuse('value-invalid', place))
  return defined({
    line: row.line,
    backend: 'cuda' as const,
    name,
    nameCutShort: name?.endsWith('...') === true ? true : undefined,
    smiIndex: Number(match[1]),
    pciBusId: orUnknown(parsePciBusId(match[4]!)),
    displayAttached: orUnknown(parseSwitch(display)),
    // A count of errors, where errors are counted.
    eccEnabled: /^\d+$/.test(ecc) ? true : orUnknown(parseSwitch(ecc)),
    powerLimitWatts: power === undefined ? undefined : Number(power),
    used: memory(memoryMatch?.[1]),
    reported: memory(memoryMatch?.[2]),
  })
}

function addSlice(text: string, line: number, devices: DeviceReading[]): void {
  const match = sliceRow.exec(text)
  const at = match === null ? -1 : devices.findIndex((device) => device.smiIndex === Number(match[1]))
  const parent = devices[at]
  if (match === null || parent === undefined) return
  const [used, reported] = [parseMemory(match[5]!), parseMemory(match[6]!)]
  if (used === 'invalid' || reported === 'invalid') return
  const slice: SliceReading = defined({ line, index: Number(match[4]), gpuInstance: Number(match[2]), used, reported })
  devices[at] = { ...parent, slices: [...(parent.slices ?? []), slice] }
}
