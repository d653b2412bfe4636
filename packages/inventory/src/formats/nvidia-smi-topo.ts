import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { endWithGaps } from '../text/lines.ts'
import type { LinkReading, Section, SectionReading, TextFormat } from './format.ts'
import { nothingRead } from './format.ts'

const rowCharacters = 16_384
const gpuLabel = /GPU(\d{1,4})(?!\s?NUMA)/g
/** Cells of the matrix; SOC is what drivers before 384 called SYS, C2C is Grace's link to its GPU. */
const cell = /\s*(X|NV\d{1,2}|PIX|PXB|PHB|NODE|SYS|SOC|C2C|PSB|PIB|N\/A|U|-)(?![a-z/=])/y
/** Two cells with the tab between them lost. */
const joined = /(?:NIC\d+NIC|GPU\d+GPU|(?:NODE|SYS|PIX|PXB|PHB|NV\d+)(?:NODE|SYS|PIX|PXB|PHB|NV\d))/

/** nvidia-smi underlines the header even into a pipe; a paste may lose the escape character and keep `[4m`. */
const isHeader = (line: string): boolean =>
  line.length <= rowCharacters &&
  /^\s*(?:\[4m)?GPU\d+/.test(line) &&
  !/\s(?:X|SYS|SOC|NV\d+|PIX|PXB|PHB|NODE)(?:\s|$)/.test(line)
const isRow = (line: string): boolean =>
  line.length <= rowCharacters &&
  /^\s*(?:GPU\d+|NIC\d+|mlx\d+_\d+|\S+)\s+(?:X|NV\d+|SYS|SOC|NODE|PHB|PXB|PIX)(?:\s|$|NODE|SYS|NV)/.test(line)
const isLegend = (line: string): boolean =>
  line.length <= rowCharacters &&
  (/^\s*(?:Legend|NIC Legend|GPU Legend|CPU Legend):/.test(line) ||
    /^\s*(?:X|SYS|SOC|NODE|PHB|PXB|PIX|NV#|C2C|PSB)\s+=/.test(line) ||
    /^\s*NIC\d+: \S/.test(line))

/** `nvidia-smi topo -m`: the class of the path between every two GPUs. NICs and affinities are left alone. */
export const nvidiaSmiTopo: TextFormat = {
  id: 'nvidia-smi-topo',
  rank: 6,
  kind: 'text',
  starts: (lines, at) =>
    isHeader(lines[at]!) && isRow(lines.slice(at + 1, at + 4).find((line) => line.trim() !== '') ?? ''),
  end: (lines, at) => endWithGaps(lines, at, (line) => isRow(line) || isLegend(line)),
  // A legend's title reads like a host's name.
  spansHeadings: true,
  read: readMatrix,
}

function readMatrix(section: Section, notes: Notes): SectionReading {
  const gpus = [...section.lines[0]!.matchAll(gpuLabel)].map((match) => Number(match[1]))
  if (tooMany(gpus.length, { notes, line: section.firstLine, what: 'GPUs' })) return nothingRead
  const links = new Map<string, LinkReading>()
  section.lines.forEach((text, place) => {
    const line = section.firstLine + place
    if (text.length <= rowCharacters && !isLegend(text) && joined.test(text)) {
      notes.warn('ragged-row', { line, detail: text })
    }
    const label = place === 0 || isLegend(text) ? null : /^\s*GPU(\d{1,4})/.exec(text)
    if (label !== null) readRow(text.slice(label[0].length), { line, from: Number(label[1]), gpus, links, notes })
  })
  return { devices: [], links: [...links.values()] }
}

interface RowContext {
  readonly line: number
  readonly from: number
  readonly gpus: readonly number[]
  readonly links: Map<string, LinkReading>
  readonly notes: Notes
}

/** The GPU columns come first; a cell ends where it must, so a lost tab does not shift the next. */
function readRow(text: string, context: RowContext): void {
  const { line, from, gpus, links, notes } = context
  cell.lastIndex = 0
  for (const to of gpus) {
    const kind = cell.exec(text)?.[1]
    if (kind === undefined) {
      notes.refuse('value-invalid', { line, field: `GPU${from} to GPU${to}`, detail: text })
      return
    }
    const [first, second] = from < to ? [from, to] : [to, from]
    if (first === second || kind === 'X' || kind === 'N/A' || kind === 'U' || kind === '-') continue
    const key = `${first} ${second}`
    if (!links.has(key)) links.set(key, { line, from: first, to: second, kind: kind === 'SOC' ? 'SYS' : kind })
  }
}
