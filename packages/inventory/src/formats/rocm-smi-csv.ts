import { tooMany } from '../notes.ts'
import { parseCsvLine } from '../text/csv.ts'
import { endWhile } from '../text/lines.ts'
import type { TextFormat } from './format.ts'
import { nothingRead } from './format.ts'
import { rocmDevices } from './rocm-smi.ts'
import { readRocmCard } from './rocm-smi-card.ts'

const lineCharacters = 16_384
const header = /^device,.*(?:VRAM|Card|GFX|PCI Bus|Unique ID|Device Name)/i
const row = /^card\d{1,3},/

/** `rocm-smi --csv`: the fields of the JSON as columns. */
export const rocmSmiCsv: TextFormat = {
  id: 'rocm-smi-csv',
  rank: 2,
  kind: 'text',
  starts: (lines, at) =>
    lines[at]!.length <= lineCharacters && header.test(lines[at]!) && row.test(lines[at + 1] ?? ''),
  end: (lines, at) => endWhile(lines, at, (line) => row.test(line)),
  read: (section, notes) => {
    const columns = parseCsvLine(section.lines[0]!) ?? []
    const rows = section.lines.slice(1)
    if (tooMany(rows.length, { notes, line: section.firstLine, what: 'rows' })) return nothingRead
    const devices = rows.map((text, place) => {
      const line = section.firstLine + 1 + place
      const cells = parseCsvLine(text)
      if (cells?.length !== columns.length)
        notes.refuse('malformed', { line, detail: `not ${columns.length} cells: ${text}` })
      const fields = Object.fromEntries(columns.map((column, at) => [column, cells?.[at] ?? '']))
      return readRocmCard({ key: cells?.[0] ?? '', line, fields, lineOf: () => line }, notes)
    })
    return { devices: rocmDevices(devices, notes) }
  },
}
