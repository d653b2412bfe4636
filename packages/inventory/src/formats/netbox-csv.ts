import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { delimiterOf, parseCsvLine } from '../text/csv.ts'
import { backendOfName } from '../text/gpu-name.ts'
import { endWhile } from '../text/lines.ts'
import type { Section, SectionReading, TextFormat } from './format.ts'
import { nothingRead } from './format.ts'
import type { NetboxModule } from './netbox-json.ts'
import { modulesByHost } from './netbox-json.ts'

const lineCharacters = 8192

/** Column names of the import form and of the table's export, which writes them as titles. */
function columnsOf(line: string): readonly string[] | undefined {
  if (line.length > lineCharacters || !/module.type/i.test(line)) return undefined
  const cells = (parseCsvLine(line, delimiterOf(line)) ?? []).map((cell) => cell.toLowerCase().replaceAll(' ', '_'))
  return ['device', 'module_bay', 'module_type'].every((name) => cells.includes(name)) ? cells : undefined
}

/** Modules of NetBox as CSV: which card is in which host, without its memory. */
export const netboxCsv: TextFormat = {
  id: 'netbox-csv',
  rank: 10,
  kind: 'text',
  starts: (lines, at) => columnsOf(lines[at]!) !== undefined,
  end: (lines, at) => {
    const delimiter = delimiterOf(lines[at]!)
    return endWhile(lines, at, (line) => line.includes(delimiter))
  },
  read: readModules,
}

function readModules(section: Section, notes: Notes): SectionReading {
  const columns = columnsOf(section.lines[0]!) ?? []
  const delimiter = delimiterOf(section.lines[0]!)
  const rows = section.lines.slice(1)
  if (tooMany(rows.length, { notes, line: section.firstLine, what: 'modules', limit: limits.modules }))
    return nothingRead
  const modules = rows.map((row, place): NetboxModule | undefined => {
    const line = section.firstLine + 1 + place
    const cells = parseCsvLine(row, delimiter)
    if (cells?.length !== columns.length) {
      notes.refuse('malformed', { line, detail: `not ${columns.length} cells: ${row}` })
      return undefined
    }
    const cell = (name: string) => cells[columns.indexOf(name)] ?? ''
    const hostName = cell('device')
    if (hostName === '' || hostName.length > limits.hostNameCharacters) {
      notes.refuse('field-missing', { line, field: 'device', detail: row })
      return undefined
    }
    const name = cell('module_type').slice(0, limits.nameCharacters)
    const backend = backendOfName(`${cell('manufacturer').slice(0, limits.nameCharacters)} ${name}`)
    const device = backend === undefined ? undefined : { line, backend, name }
    return { line, hostName, status: cell('status') === '' ? 'active' : cell('status'), device }
  })
  return modulesByHost(modules, section.firstLine, notes)
}
