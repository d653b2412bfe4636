import type { Bytes } from '@berth/core'
import { bytes } from '@berth/core'

import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { accepted, parseMemory } from '../text/figures.ts'
import { endWhile } from '../text/lines.ts'
import type { HostReading, Section, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'

const lineCharacters = 4096
const meminfo = /^[A-Z][A-Za-z0-9_()]{0,40}:\s+\d{1,18}(?: kB)?\s*$/
const lscpu = /^\s*[A-Z][\w ()/.,-]{0,60}:\s+\S/
const sysctl = /^(?:hw|machdep\.cpu|iogpu)\.[\w.]{1,60}(?::|\s*=)\s+\S/
/** `-n` leaves the name out, which stands in the command above. */
const sysctlOne = /^(?:\S*\/)?sysctl\s+-n\s+((?:hw|machdep\.cpu|iogpu)\.[\w.]{1,60})$/

const oneOf = (command: string | undefined): string | undefined => sysctlOne.exec(command?.trim() ?? '')?.[1]

/** Which of the three a line begins. */
const family = (line: string, command: string | undefined): RegExp | undefined => {
  if (line.length > lineCharacters) return undefined
  if (oneOf(command) !== undefined) return /^\S/
  if (/^MemTotal:\s/.test(line)) return meminfo
  if (/^Architecture:\s+(?:x86_64|aarch64|arm64|ppc64le|i686|riscv64)\b/.test(line)) return lscpu
  return sysctl.test(line) ? sysctl : undefined
}

/** The host's memory and processor: `/proc/meminfo`, `lscpu` and macOS's `sysctl hw`. */
export const hostFacts: TextFormat = {
  id: 'host-facts',
  rank: 0,
  kind: 'text',
  starts: (lines, at, command) => family(lines[at]!, command) !== undefined,
  end: (lines, at, command) => {
    if (oneOf(command) !== undefined) return at + 1
    const pattern = family(lines[at]!, command)!
    return endWhile(lines, at, (line) => line.length <= lineCharacters && pattern.test(line))
  },
  read: (section, notes) => ({ ...nothingRead, host: readHost(section, notes) }),
}

function readHost(section: Section, notes: Notes): HostReading {
  const asked = oneOf(section.command)
  const lines = asked === undefined ? section.lines : [`${asked}: ${section.lines[0]!}`]
  const found = (label: string): string | undefined => {
    const line = lines.find((candidate) => candidate.trimStart().startsWith(label))
    return line
      ?.slice(line.indexOf(label) + label.length)
      .replace(/^\s*[:=]\s*/, '')
      .trim()
  }
  const memory = (label: string, unit: string): Bytes | undefined => {
    const text = found(label) ?? ''
    return accepted(parseMemory(text, unit), () => {
      const line = section.firstLine + lines.findIndex((candidate) => candidate.includes(label))
      notes.refuse('value-invalid', { line, field: label, detail: text })
    })
  }
  const total = memory('MemTotal', 'kB') ?? memory('hw.memsize', 'B')
  const available = memory('MemAvailable', 'kB')
  const wired = memory('iogpu.wired_limit_mb', 'MiB')
  const cores = Number(found('CPU(s)') ?? found('hw.logicalcpu') ?? found('hw.ncpu') ?? Number.NaN)
  return defined({
    memoryTotal: total,
    // What is cached is free for the asking: MemAvailable counts it, MemFree does not.
    memoryUsed:
      total === undefined || available === undefined || available > total ? undefined : bytes(total - available),
    // 0 where nobody has set it: then macOS decides, and does not say how.
    metalLimit: wired === bytes(0) ? undefined : wired,
    cpuName: (found('Model name') ?? found('machdep.cpu.brand_string'))?.slice(0, limits.nameCharacters),
    cpuCores: Number.isSafeInteger(cores) && cores > 0 ? cores : undefined,
  })
}
