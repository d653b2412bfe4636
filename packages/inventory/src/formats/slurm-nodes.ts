import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { orUnknown, parseMebibytes } from '../text/figures.ts'
import { expandHostList } from '../text/host-list.ts'
import type { DeviceReading, Section, SectionReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { gresCard } from './slurm-gres.ts'
import { endWhile } from '../text/lines.ts'

const lineCharacters = 16_384
const nodeStart = /^NodeName=\S/

/** `scontrol show node`, wrapped or one node a line (-o), and nodes of slurm.conf. It names types of GPUs, and no memory of theirs. */
export const slurmNodes: TextFormat = {
  id: 'slurm-nodes',
  rank: 8,
  kind: 'text',
  starts: (lines, at) => nodeStart.test(lines[at]!),
  end: (lines, at) => endWhile(lines, at, (line) => nodeStart.test(line) || /^\s*$|^\s+\w+=/.test(line.slice(0, 200))),
  read: (section, notes) => {
    const hosts: HostOf[] = []
    for (const node of nodeLines(section)) {
      hosts.push(...readNodes(node.lines.join(' '), node.line, notes))
      if (hosts.length <= limits.machines) continue
      notes.refuse('limit-exceeded', {
        line: node.line,
        limit: limits.machines,
        detail: `${hosts.length} nodes or more`,
      })
      return nothingRead
    }
    refuseTwice(hosts, section, notes)
    return { devices: [], hosts }
  },
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

function refuseTwice(hosts: readonly { readonly hostName: string }[], section: Section, notes: Notes): void {
  const names = hosts.map((host) => host.hostName.toLowerCase())
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (twice === undefined) return
  notes.refuse('duplicate-machine', { line: section.firstLine, field: 'NodeName', detail: twice })
}

type HostOf = NonNullable<SectionReading['hosts']>[number]

/** One node, or as many as its host list names in slurm.conf. */
function readNodes(text: string, line: number, notes: Notes): readonly HostOf[] {
  const field = (name: string): string | undefined => new RegExp(`(?:^|\\s)${name}=(\\S*)`).exec(text)?.[1]
  const memory = parseMebibytes(field('RealMemory') ?? '')
  if (memory === 'invalid') {
    notes.refuse('value-invalid', { line, field: 'RealMemory', detail: field('RealMemory') ?? '' })
  }
  const cores = Number(field('CPUTot') ?? field('CPUs'))
  const list = field('NodeName') ?? ''
  const names = expandHostList(list, limits.machines)
  const tooLong = names?.some((name) => name.length > limits.hostNameCharacters)
  if (names === undefined || tooLong === true) notes.refuse('value-invalid', { line, field: 'NodeName', detail: list })
  else if (names.length > limits.machines) {
    notes.refuse('limit-exceeded', { line, field: 'NodeName', limit: limits.machines, detail: list })
  }
  const reading = {
    devices: readNodeGres(field('Gres') ?? '', line, notes),
    host: defined({
      os: field('OS')?.startsWith('Linux') === true ? ('linux' as const) : undefined,
      memoryTotal: orUnknown(memory),
      cpuCores: Number.isSafeInteger(cores) && cores > 0 ? cores : undefined,
    }),
    saysNoDevices: true,
  }
  return (names ?? []).slice(0, limits.machines).map((hostName) => ({ hostName, reading }))
}

/** `gpu:a100:4(S:0-1),gpu:v100:2`; TRES counts them too, but only on clusters set up for it. */
export function readNodeGres(text: string, line: number, notes: Notes): readonly DeviceReading[] {
  const entries = [...text.matchAll(/(?:^|,)gpu(?::([A-Za-z][\w.-]{0,63}))?(?::(\d{1,4}))?(?:\([^)]*\))?(?=,|$)/g)]
  const types = entries.flatMap((entry): readonly (string | undefined)[] =>
    Array.from({ length: Math.min(Number(entry[2] ?? 1), limits.devicesPerMachine + 1) }, () => entry[1]),
  )
  if (types.length > limits.devicesPerMachine) {
    notes.refuse('limit-exceeded', { line, field: 'Gres', limit: limits.devicesPerMachine, detail: text })
    return []
  }
  return types.map((type) => gresCard(line, type))
}
