import type { Bytes } from '@berth/core'
import { bytes, gibibytes } from '@berth/core'

import type { Notes } from '../notes.ts'
import { accepted, orUnknown, parseMemory } from '../text/figures.ts'
import { endWhile } from '../text/lines.ts'
import type { Section, SectionReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'

const header = /^\s+total\s+used\s+free\s+shared\s+buff/
const row = /^(?:Mem|Swap|Total|Low|High):\s/

/** The unit of bare numbers, which `free` tells nowhere but in its command: KiB when nothing was asked for. */
const units: Readonly<Record<string, string>> = { k: 'KiB', m: 'MiB', g: 'GiB', b: 'B' }

/** No host of models has less memory than this, or more. */
const leastMemory = gibibytes(1)
const mostMemory = gibibytes(32 * 1024)

/** Without the command, the unit is the first that makes a host's memory of the number. */
function unitOf(command: string | undefined, total: string): string {
  const asked = /\bfree\s+(?:-\w+\s+)*-([bkmg])\b/.exec(command ?? '')?.[1]
  const fitting = Object.values(units).find((unit) => {
    const size = orUnknown(parseMemory(total, unit)) ?? 0
    return size >= leastMemory && size <= mostMemory
  })
  return units[asked ?? ''] ?? fitting ?? 'KiB'
}

/** `free`, with or without `-h`: the host's memory. */
export const free: TextFormat = {
  id: 'free',
  rank: 1,
  kind: 'text',
  starts: (lines, at) => header.test(lines[at]!.slice(0, 200)) && /^Mem:\s/.test(lines[at + 1] ?? ''),
  end: (lines, at) => endWhile(lines, at, (line) => row.test(line)),
  read: readFree,
}

function readFree(section: Section, notes: Notes): SectionReading {
  const [total, , , , , available] = section.lines[1]!.slice(0, 500)
    .replace(/^Mem:\s+/, '')
    .trim()
    .split(/\s+/)
  const unit = unitOf(section.command, total ?? '')
  const size = (text: string | undefined): Bytes | undefined => {
    // "125Gi", "62G" and "131890432".
    const figure = parseMemory((text ?? '').replace(/([KMGT])i?$/, '$1iB'), unit)
    const place = { line: section.firstLine + 1, field: 'Mem', detail: section.lines[1]! }
    return accepted(figure, () => notes.refuse('value-invalid', place))
  }
  const [memoryTotal, left] = [size(total), size(available)]
  const used = memoryTotal === undefined || left === undefined || left > memoryTotal ? undefined : memoryTotal - left
  return { ...nothingRead, host: defined({ memoryTotal, memoryUsed: used === undefined ? undefined : bytes(used) }) }
}
