import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { orUnknown, parseMebibytes } from '../text/figures.ts'
import { expandHostList } from '../text/host-list.ts'
import { endWhile } from '../text/lines.ts'
import type { Section, SectionReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { readGres, readTres } from './slurm-cards.ts'

const lineCharacters = 16_384
const nodeStart = /^NodeName=\S/

/** `scontrol show node`, wrapped or one node a line (-o), and nodes of slurm.conf. It names types of GPUs, and no memory of theirs. */
export const slurmNodes: TextFormat = {
  id: 'slurm-nodes',
  rank: 8,
  kind: 'text',
  starts: (lines, at) => nodeStart.test(lines[at]!),
  end: (lines, at) => endWhile(lines, at, (line) => nodeStart.test(line) || /^\s*$|^\s+\w+=/.test(line.slice(0, 200))),
  read: readSection,
}

function readSection(section: Section, notes: Notes): SectionReading {
  const hosts = new Map<string, HostOf>()
  let defaults = ''
  for (const node of nodeLines(section)) {
    const { line } = node
    const text = node.lines.join(' ')
    if (/^NodeName=DEFAULT\s/i.test(text)) {
      defaults = text.slice('NodeName=DEFAULT'.length)
      continue
    }
    for (const host of readNodes(`${text} ${defaults}`, line, notes)) {
      const name = host.hostName.toLowerCase()
      if (hosts.has(name)) notes.refuse('duplicate-machine', { line, field: 'NodeName', detail: host.hostName })
      hosts.set(name, host)
    }
    if (tooMany(hosts.size, { notes, line, what: 'nodes or more', limit: limits.machines })) return nothingRead
  }
  return { ...nothingRead, hosts: [...hosts.values()] }
}

interface NodeLines {
  readonly line: number
  readonly lines: string[]
}

function nodeLines(section: Section): readonly NodeLines[] {
  const nodes: NodeLines[] = []
  section.lines.forEach((text, place) => {
    if (nodeStart.test(text)) nodes.push({ line: section.firstLine + place, lines: [] })
    nodes.at(-1)?.lines.push(text.slice(0, lineCharacters))
  })
  return nodes
}

type HostOf = NonNullable<SectionReading['hosts']>[number]

/** One node, or as many as its host list names in slurm.conf. */
function readNodes(text: string, line: number, notes: Notes): readonly HostOf[] {
  const field = (name: string): string | undefined => new RegExp(`(?:^|\\s)${name}=(\\S*)`).exec(text)?.[1]
  const memory = parseMebibytes(field('RealMemory') ?? '')
  if (memory === 'invalid') {
    notes.refuse('value-invalid', { line, field: 'RealMemory', detail: field('RealMemory') ?? '' })
  }
  const cores = Number(field('CPUTot') ?? field('CPUs') ?? threads(field))
  const list = field('NodeName') ?? ''
  const names = expandHostList(list, limits.machines)
  const tooLong = names?.some((name) => name.length > limits.hostNameCharacters)
  if (names === undefined || tooLong === true) notes.refuse('value-invalid', { line, field: 'NodeName', detail: list })
  else if (names.length > limits.machines) {
    notes.refuse('limit-exceeded', { line, field: 'NodeName', limit: limits.machines, detail: list })
  }
  // TRES counts cards too, but only on clusters set up for it.
  const cards = readGres(field('Gres') ?? '', { line, field: 'Gres', notes })
  const counted = cards.length > 0 ? cards : readTres(field('CfgTRES') ?? '', { line, field: 'CfgTRES', notes }).cards
  const reading = {
    devices: counted,
    host: defined({
      os: field('OS')?.startsWith('Linux') === true ? ('linux' as const) : undefined,
      memoryTotal: orUnknown(memory),
      cpuCores: Number.isSafeInteger(cores) && cores > 0 ? cores : undefined,
    }),
    saysNoDevices: true,
  }
  return (names ?? []).slice(0, limits.machines).map((hostName) => ({ hostName, reading }))
}

/** slurm.conf may count sockets, cores and threads instead of processors; what it leaves out is 1. */
function threads(field: (name: string) => string | undefined): number | undefined {
  const parts = ['Boards', 'SocketsPerBoard', 'Sockets', 'CoresPerSocket', 'ThreadsPerCore'].map(field)
  return parts.every((part) => part === undefined)
    ? undefined
    : parts.reduce((product, part) => product * Number(part ?? 1), 1)
}
