import { type PeerAccess, peerAccesses } from '@berth/core'

import { type Notes, tooMany } from '../notes.ts'
import { endWithGaps } from '../text/lines.ts'
import type { PeerReading, Section, TextFormat } from './format.ts'
import { nothingRead } from './format.ts'

const rowCharacters = 16_384
/** No code begins another, so that cells are told apart where tabs are lost. */
const codes = ['X', ...peerAccesses].join('|')
const cell = new RegExp(String.raw`\s*(${codes})`, 'y')
const row = new RegExp(String.raw`^GPU(\d{1,4})((?:\s*(?:${codes}))+)$`)
const rowStart = new RegExp(String.raw`^\s*GPU\d{1,4}\s*(?:${codes})`)
const legend = new RegExp(String.raw`^\s*(?:Legend:|(?:${codes})\s+=)`)

/** Without the underlining, which is printed even into a pipe and of which a paste may keep `[4m`. */
const plain = (line: string): string => (line.length > rowCharacters ? '' : line.replaceAll(/\[[04]m/g, '').trim())

/** Nothing but GPUs: the matrix of `topo -m` has more columns. */
const isHeader = (line: string): boolean => line.includes('GPU0') && /^GPU\d{1,4}(?:\s*GPU\d{1,4})*$/.test(plain(line))
const isLegend = (line: string): boolean => line.length <= rowCharacters && legend.test(line)
const isRow = (line: string): boolean => line.length <= rowCharacters && rowStart.test(line)

/** The header, and a first row that says more than that a GPU is itself. */
function starts(lines: readonly string[], at: number): boolean {
  if (!isHeader(lines[at]!)) return false
  const first = row.exec(plain(lines.slice(at + 1, at + 4).find((line) => line.trim() !== '') ?? ''))
  return first !== null && first[2]!.trim() !== 'X'
}

/** `nvidia-smi topo -p2p`: whether GPUs may read (r), write (w) and do more with each other's memory. */
export const nvidiaSmiP2p: TextFormat = {
  id: 'nvidia-smi-p2p',
  rank: 6,
  kind: 'text',
  starts,
  end: (lines, at) => endWithGaps(lines, at, (line) => isRow(line) || isLegend(line)),
  // A legend's title reads like a host's name.
  spansHeadings: true,
  read: (section, notes) => {
    const gpus = [...section.lines[0]!.matchAll(/GPU(\d{1,4})/g)].map((match) => Number(match[1]))
    if (tooMany(gpus.length, { notes, line: section.firstLine, what: 'GPUs' })) return nothingRead
    return { ...nothingRead, peers: peersThatTell(readMatrix(gpus, section, notes), section, notes) }
  },
}

type Cell = Omit<PeerReading, 'told'>

function readMatrix(gpus: readonly number[], section: Section, notes: Notes): readonly Cell[] {
  return section.lines.flatMap((text, place) => {
    if (place === 0 || text.trim() === '' || isLegend(text)) return []
    const line = section.firstLine + place
    const [, label, rest] = row.exec(plain(text)) ?? []
    const cells = cellsOf(rest ?? '')
    if (cells.length !== gpus.length) {
      notes.refuse('value-invalid', { line, field: /GPU\d{1,4}/.exec(text)?.[0] ?? 'GPU', detail: text })
      return []
    }
    const from = Number(label)
    return cells.flatMap((access, at) =>
      access === 'X' || gpus[at] === from ? [] : [{ line, from, to: gpus[at]!, access }],
    )
  })
}

function cellsOf(text: string): readonly (PeerAccess | 'X')[] {
  const cells: (PeerAccess | 'X')[] = []
  cell.lastIndex = 0
  for (let found = cell.exec(text); found !== null; found = cell.exec(text)) cells.push(found[1] as PeerAccess | 'X')
  return cells
}

/**
 * Copies need reading and writing. Of NVLink (n), atomics (a) and the last (p) only a yes tells of copies: what is not
 * linked may still be reached over PCIe.
 */
function peersThatTell(cells: readonly Cell[], section: Section, notes: Notes): readonly PeerReading[] {
  const asked = [...(section.command?.slice(0, 4096) ?? '').matchAll(/-p2p(?:status)?[\s=]+([rwnap]{1,5})(?![a-z])/g)]
  // Several in one command: which of them this is, nobody knows.
  const capability = asked.length === 1 ? asked[0]![1]! : undefined
  if (capability === undefined) return cells.map((one) => ({ ...one, told: false }))
  if (/[rw]/.test(capability)) return cells.map((one) => ({ ...one, told: true }))
  const sure = cells.filter(({ access }) => access === 'OK')
  if (sure.length < cells.length)
    notes.warn('section-ignored', { line: section.firstLine, detail: `topo -p2p ${capability}, but for OK` })
  return sure.map((one) => ({ ...one, told: false }))
}
