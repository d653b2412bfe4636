import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import type { CsvRow } from '../text/csv.ts'
import { delimiterOf, parseCsvLine, parseCsvText, unguard, writeCsvLine } from '../text/csv.ts'
import type { Column, Draft, DraftMachine } from './berth-csv-columns.ts'
import { columns, draftMachine, readCell, setCell, writeCell } from './berth-csv-columns.ts'
import { writeInterfaces, writeLinks } from './berth-csv-links.ts'
import type { ExportedMachine, SaidMachine } from './berth-json.ts'
import { apart, machineIssues, machineJsonVersion } from './berth-json.ts'
import type { Section, SectionReading, TextFormat } from './format.ts'
import { nothingRead } from './format.ts'

/**
 * Machines as a table for a spreadsheet, a device a row, `machine.…` repeated on each. `readInventory` reads it back to
 * the same machines, except for control characters and no-break spaces, which no paste keeps.
 */
export function writeMachinesCsv(machines: readonly ExportedMachine[]): string {
  const rows = machines.flatMap((machine) => {
    const devices = machine.devices.length === 0 ? [undefined] : machine.devices
    return devices.map((device, place) =>
      columns.map((column) => {
        if (column.kind === 'links') return place === 0 ? writeLinks(machine) : ''
        if (column.kind === 'interfaces') return place === 0 ? writeInterfaces(machine) : ''
        const [of, ...path] = column.name.split('.')
        return writeCell(of === 'machine' ? machine : device, path)
      }),
    )
  })
  return `${[columns.map((column) => column.name), ...rows].map(writeCsvLine).join('\n')}\n`
}

const byName: ReadonlyMap<string, Column> = new Map(columns.map((column) => [column.name, column]))

/** Any of the columns in any order, as long as machines are named. */
function headerOf(line: string): readonly string[] | undefined {
  if (line.length > 16_384 || !line.includes('machine.name')) return undefined
  const cells = parseCsvLine(line, delimiterOf(line))
  return cells?.includes('machine.name') === true && cells.every((cell) => /^(?:machine|device)\.|^$/.test(cell))
    ? cells
    : undefined
}

/** Berth's own CSV: what it writes, and what a person has typed or changed in it. Sizes may have a unit. */
export const berthCsv: TextFormat = {
  id: 'berth-csv',
  rank: 0,
  kind: 'text',
  starts: (lines, at) => headerOf(lines[at]!) !== undefined,
  end: (lines, at) => {
    let quoted = false
    let end = at
    for (; end < lines.length && (quoted || lines[end]!.trim() !== ''); end += 1) {
      if ((lines[end]!.split('"').length - 1) % 2 === 1) quoted = !quoted
    }
    return end
  },
  spansHeadings: true,
  read: readTable,
}

function readTable(section: Section, notes: Notes): SectionReading {
  const header = headerOf(section.lines[0]!) ?? []
  const unknown = header.find((name) => name !== '' && !byName.has(name))
  if (unknown !== undefined) {
    notes.refuse('field-unknown', { line: section.firstLine, field: unknown, detail: unknown })
    return nothingRead
  }
  const rows = parseCsvText(section.lines.join('\n'), delimiterOf(section.lines[0]!))?.slice(1)
  if (rows === undefined) {
    notes.refuse('malformed', { line: section.firstLine, detail: 'a quotation mark is not closed' })
    return nothingRead
  }
  if (tooMany(rows.length, { notes, line: section.firstLine, what: 'rows', limit: limits.csvRows })) return nothingRead
  const drafts = new Map<string, DraftMachine>()
  for (const row of rows) {
    if (row.cells.some((cell) => cell !== '')) addRow(row, { header, drafts, section, notes })
  }
  if (tooMany(drafts.size, { notes, line: section.firstLine, what: 'machines', limit: limits.machines }))
    return nothingRead
  const read = [...drafts.values()].flatMap((draft) => finish(draft, notes) ?? [])
  const devicesUntold = header.every((name) => !/^device\.|^machine\.links$/.test(name))
  return {
    ...nothingRead,
    machines: read.map(({ machine }) => machine),
    told: new Map(
      read.map(({ machine, told }) => [machine.name, { ...told, ...(devicesUntold && { devicesUntold }) }]),
    ),
  }
}

interface Table {
  readonly header: readonly string[]
  readonly drafts: Map<string, DraftMachine>
  readonly section: Section
  readonly notes: Notes
}

function addRow({ line: place, cells }: CsvRow, { header, drafts, section, notes }: Table): void {
  const line = section.firstLine + place
  if (cells.length > header.length) {
    notes.refuse('malformed', { line, detail: `${cells.length} cells under ${header.length} columns` })
    return
  }
  const name = unguard(cells[header.indexOf('machine.name')] ?? '')
  if (name === '') {
    notes.refuse('field-missing', { line, field: 'machine.name', detail: 'machine.name' })
    return
  }
  const draft = drafts.get(name) ?? draftMachine(line)
  drafts.set(name, draft)
  const device: Draft = {}
  for (const [at, cell] of cells.entries()) {
    const column = byName.get(header[at]!)
    if (column === undefined || cell === '') continue
    const value = readCell(unguard(cell), column.kind)
    const field = column.name
    if (value === undefined) {
      notes.refuse('value-invalid', { line, field, detail: cell })
      continue
    }
    const [of, ...path] = field.split('.')
    if (of === 'device') setCell(device, path, value)
    else if (!setCell(draft.fields, path, value)) {
      notes.refuse('value-invalid', { line, field, detail: `${cell}, and something else on a row above` })
    }
  }
  if (Object.keys(device).length > 0) draft.devices.push({ line, fields: device })
}

/** A machine that holds together, or a refusal that names the row and column. */
function finish(draft: DraftMachine, notes: Notes): SaidMachine | undefined {
  const machine = draft.finish()
  const [issue] = machineIssues({ berth: 'machine', version: machineJsonVersion, ...machine }, [])
  if (issue === undefined) return apart(machine as unknown as ExportedMachine)
  const [first, place, ...rest] = issue.path
  const ofDevice = first === 'devices' && typeof place === 'number'
  const line = ofDevice ? (draft.devices[place]?.line ?? draft.line) : draft.line
  const field = ofDevice ? ['device', ...rest].join('.') : ['machine', ...issue.path].join('.')
  const limit = issue.limit === undefined ? {} : { limit: issue.limit }
  notes.refuse(issue.code, { line, field, ...limit, detail: issue.detail })
  return undefined
}
