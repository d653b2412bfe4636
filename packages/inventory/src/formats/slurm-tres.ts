import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { endWhile } from '../text/lines.ts'
import type { Section, SectionReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { readTres, tresStart } from './slurm-cards.ts'

const lineCharacters = 4096
/** A node, and what it has: what is used of it may follow. */
const row = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,252})\s+(\S{8,2000})(?:\s|$)/
const header = /^\S+(?:\s+\S+){1,8}\s*$/

const readRow = (line: string): readonly [string, string] | undefined => {
  const match = line.length > lineCharacters ? null : row.exec(line)
  return match !== null && tresStart.test(match[2]!) ? [match[1]!, match[2]!] : undefined
}

/** Tables of nodes with their trackable resources, as `CfgTRES` of scontrol is cut out and lined up. */
export const slurmTres: TextFormat = {
  id: 'slurm-tres',
  rank: 9,
  kind: 'text',
  starts: (lines, at) =>
    readRow(lines[at]!) !== undefined ||
    (readRow(lines[at + 1] ?? '') !== undefined && header.test(lines[at]!.slice(0, lineCharacters))),
  end: (lines, at) => endWhile(lines, at, (line) => readRow(line) !== undefined),
  read: readNodes,
}

function readNodes(section: Section, notes: Notes): SectionReading {
  const rows = section.lines.flatMap((text, place) => {
    const cells = readRow(text)
    return cells === undefined ? [] : [{ line: section.firstLine + place, hostName: cells[0], tres: cells[1] }]
  })
  if (tooMany(rows.length, { notes, line: section.firstLine, what: 'nodes', limit: limits.machines }))
    return nothingRead
  const hosts = rows.map(({ line, hostName, tres }) => {
    const { cards, ...facts } = readTres(tres, { line, field: hostName, notes })
    return { hostName, reading: { devices: cards, host: defined(facts), saysNoDevices: true } }
  })
  return { ...nothingRead, hosts }
}
