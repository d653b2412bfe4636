import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { expandHostList, expandNumbers } from '../text/host-list.ts'
import type { DeviceReading, Section, SectionReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'

const lineCharacters = 4096
const resource = /^(?:\S+=\S*\s+){0,8}Name=\w+(?:\s|$)/i
const autoDetect = /^(?:NodeName=\S+\s+)?AutoDetect=\w+/i

const isGresLine = (line: string): boolean =>
  line.length <= lineCharacters && (resource.test(line) || autoDetect.test(line))

/** Slurm names a card by a type that the site chose: "a100", "rtx_3090", "mi210". */
export const gresCard = (line: number, type: string | undefined): DeviceReading =>
  defined({
    line,
    backend: /^(?:mi\d|gfx|amd|radeon)/i.test(type ?? '') ? ('rocm' as const) : ('cuda' as const),
    name: type,
  })

/** `gres.conf` of Slurm: which nodes have how many cards of which type. It knows no memory, and no order of the bus. */
export const slurmGres: TextFormat = {
  id: 'slurm-gres',
  rank: 9,
  kind: 'text',
  starts: (lines, at) => isGresLine(lines[at]!),
  end: (lines, at) => {
    let end = at + 1
    while (end < lines.length && (isGresLine(lines[end]!) || /^\s*(?:#|$)/.test(lines[end]!.slice(0, 200)))) end += 1
    return end
  },
  read: readGres,
}

function readGres(section: Section, notes: Notes): SectionReading {
  const everywhere: DeviceReading[] = []
  const nodes = new Map<string, DeviceReading[]>()
  section.lines.forEach((raw, place) => {
    const text = raw.replace(/\s#.*$/, '').slice(0, lineCharacters)
    const line = section.firstLine + place
    const field = (name: string) => new RegExp(`(?:^|\\s)${name}=(\\S+)`, 'i').exec(text)?.[1]
    if (text.startsWith('#') || field('Name')?.toLowerCase() !== 'gpu') return
    const count = countOf(field('Count'), field('File'))
    if (count === undefined || count > limits.devicesPerMachine) {
      const code = count === undefined ? 'value-invalid' : 'limit-exceeded'
      notes.refuse(code, { line, field: 'File', limit: limits.devicesPerMachine, detail: text })
      return
    }
    const cards = Array.from({ length: count }, () => gresCard(line, field('Type')?.slice(0, limits.nameCharacters)))
    const list = field('NodeName')
    if (list === undefined) everywhere.push(...cards)
    else addTo(nodes, list, { cards, line, notes })
  })
  if (everywhere.length > limits.devicesPerMachine) {
    const place = { line: section.firstLine, limit: limits.devicesPerMachine, detail: `${everywhere.length} cards` }
    notes.refuse('limit-exceeded', place)
    return nothingRead
  }
  if (nodes.size === 0) return { devices: everywhere }
  const hosts = [...nodes].map(([hostName, cards]) => ({ hostName, reading: { devices: [...cards, ...everywhere] } }))
  return { ...nothingRead, hosts }
}

/** `Count`, else as many as there are files: `/dev/nvidia[0-3]` is four. */
function countOf(count: string | undefined, files: string | undefined): number | undefined {
  if (count !== undefined) return /^\d{1,4}$/.test(count) ? Number(count) : undefined
  if (files === undefined) return 1
  const list = /\[([\d,-]+)\]/.exec(files)?.[1]
  if (list === undefined) return files.split(',').length
  return expandNumbers(list, limits.devicesPerMachine)?.length
}

interface Cards {
  readonly cards: readonly DeviceReading[]
  readonly line: number
  readonly notes: Notes
}

function addTo(nodes: Map<string, DeviceReading[]>, list: string, { cards, line, notes }: Cards): void {
  const names = expandHostList(list, limits.machines)
  if (names === undefined || names.some((name) => name === '' || name.length > limits.hostNameCharacters)) {
    notes.refuse('value-invalid', { line, field: 'NodeName', detail: list })
    return
  }
  for (const name of names) nodes.set(name, [...(nodes.get(name) ?? []), ...cards])
  const [most] = [...nodes.values()].toSorted((a, b) => b.length - a.length)
  if (nodes.size > limits.machines) {
    notes.refuse('limit-exceeded', { line, field: 'NodeName', limit: limits.machines, detail: list })
  }
  if ((most?.length ?? 0) > limits.devicesPerMachine) {
    notes.refuse('limit-exceeded', { line, field: 'Name', limit: limits.devicesPerMachine, detail: list })
  }
}
