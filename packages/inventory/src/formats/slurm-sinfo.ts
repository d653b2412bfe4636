import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { accepted, parseMebibytes } from '../text/figures.ts'
import { expandHostList } from '../text/host-list.ts'
import { endWhile } from '../text/lines.ts'
import type { Section, SectionReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { readGres } from './slurm-cards.ts'

const lineCharacters = 4096
const nodes = ['NODELIST', 'HOSTNAMES', 'HOSTNAME', 'NODE_HOST']

const cellsOf = (line: string): readonly string[] =>
  line.length > lineCharacters ? [] : line.trim().split(line.includes('|') ? '|' : /\s+/)

/** The columns, where they tell which nodes have which cards. */
function columnsOf(line: string): readonly string[] | undefined {
  if (!line.includes('GRES')) return undefined
  const cells = cellsOf(line).map((cell) => cell.trim())
  const told = cells.includes('GRES') && cells.some((cell) => nodes.includes(cell))
  return told && cells.every((cell) => /^[A-Z][A-Z_:/()#%]*$/.test(cell)) ? cells : undefined
}

/** `sinfo -o "%N %c %m %G"` and its like: nodes by lists of their names, with their cards. */
export const slurmSinfo: TextFormat = {
  id: 'slurm-sinfo',
  rank: 9,
  kind: 'text',
  starts: (lines, at) => columnsOf(lines[at]!) !== undefined,
  end: (lines, at) => {
    const columns = cellsOf(lines[at]!).length
    return endWhile(lines, at, (line) => line.trim() !== '' && cellsOf(line).length === columns)
  },
  read: readTable,
}

type HostOf = NonNullable<SectionReading['hosts']>[number]

function readTable(section: Section, notes: Notes): SectionReading {
  const columns = columnsOf(section.lines[0]!) ?? []
  const hosts = new Map<string, HostOf>()
  for (const [place, text] of section.lines.slice(1).entries()) {
    const line = section.firstLine + 1 + place
    const cells = cellsOf(text)
    const cell = (...names: readonly string[]) => cells[columns.findIndex((column) => names.includes(column))]?.trim()
    const list = cell(...nodes) ?? ''
    const names = expandHostList(list, limits.machines)
    if (names === undefined || names.some((name) => name === '' || name.length > limits.hostNameCharacters)) {
      notes.refuse('value-invalid', { line, field: 'NODELIST', detail: list })
      return nothingRead
    }
    const memory = (cell('MEMORY') ?? '').replace(/\+$/, '')
    const memoryTotal = accepted(parseMebibytes(memory), () =>
      notes.refuse('value-invalid', { line, field: 'MEMORY', detail: memory }),
    )
    const cores = Number(/^\d{1,6}/.exec(cell('CPUS') ?? '')?.[0])
    const reading = {
      devices: readGres(cell('GRES') ?? '', { line, field: 'GRES', notes }),
      host: defined({ memoryTotal, cpuCores: cores > 0 ? cores : undefined }),
      saysNoDevices: true,
    }
    // A node is listed once for each of its partitions.
    for (const hostName of names) if (!hosts.has(hostName)) hosts.set(hostName, { hostName, reading })
    if (tooMany(hosts.size, { notes, line, what: 'nodes or more', limit: limits.machines })) return nothingRead
  }
  return { ...nothingRead, hosts: [...hosts.values()] }
}
