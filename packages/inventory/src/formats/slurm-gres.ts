import { limits } from '../limits.ts'
import type { Notes, Place } from '../notes.ts'
import { expandHostList, expandNumbers } from '../text/host-list.ts'
import { endWhile } from '../text/lines.ts'
import type { DeviceReading, Section, SectionReading, TextFormat } from './format.ts'
import { nothingRead } from './format.ts'
import { gresCard } from './slurm-cards.ts'

const lineCharacters = 4096
const resource = /^(?:\S+=\S*\s+){0,8}Name=\w+(?:\s|$)/i
const autoDetect = /^(?:NodeName=\S+\s+)?AutoDetect=\w+/i

const isGresLine = (line: string): boolean =>
  line.length <= lineCharacters && (resource.test(line) || autoDetect.test(line))

/** `gres.conf` of Slurm: which nodes have how many cards of which type. It knows no memory, and no order of the bus. */
export const slurmGres: TextFormat = {
  id: 'slurm-gres',
  rank: 9,
  kind: 'text',
  starts: (lines, at) => isGresLine(lines[at]!),
  end: (lines, at) => endWhile(lines, at, (line) => isGresLine(line) || /^\s*(?:#|$)/.test(line.slice(0, 200))),
  read: readGres,
}

function readGres(section: Section, notes: Notes): SectionReading {
  const everywhere: DeviceReading[] = []
  const nodes = new Map<string, DeviceReading[]>()
  for (const [place, raw] of section.lines.entries()) {
    const entry = readEntry(raw, section.firstLine + place)
    if (entry === undefined) continue
    const refusal = 'code' in entry ? entry : addEntry(entry, nodes, everywhere)
    if (refusal === undefined) continue
    const { code, ...at } = refusal
    notes.refuse(code, at)
    return nothingRead
  }
  if (nodes.size === 0) return { devices: everywhere }
  const hosts = [...nodes].map(([hostName, cards]) => ({ hostName, reading: { devices: [...cards, ...everywhere] } }))
  return { ...nothingRead, hosts }
}

interface Entry {
  readonly line: number
  readonly cards: readonly DeviceReading[]
  /** The list of hosts it is about; absent when that is every host. */
  readonly list: string | undefined
}

interface Refusal extends Place {
  readonly code: 'value-invalid' | 'limit-exceeded'
  readonly limit?: number
}

function readEntry(raw: string, line: number): Entry | Refusal | undefined {
  const text = raw.slice(0, lineCharacters).replace(/\s#.*$/, '')
  const field = (name: string) => new RegExp(`(?:^|\\s)${name}=(\\S+)`, 'i').exec(text)?.[1]
  if (text.startsWith('#') || field('Name')?.toLowerCase() !== 'gpu') return undefined
  const count = countOf(field('Count'), field('File'))
  if (count === undefined) return { code: 'value-invalid', line, field: 'File', detail: text }
  if (count > limits.devicesPerMachine) {
    return { code: 'limit-exceeded', line, field: 'File', limit: limits.devicesPerMachine, detail: text }
  }
  const type = field('Type')?.slice(0, limits.nameCharacters)
  return { line, cards: Array.from({ length: count }, () => gresCard(line, type)), list: field('NodeName') }
}

/** `Count`, else as many as there are files: `/dev/nvidia[0-3]` is four. */
function countOf(count: string | undefined, files: string | undefined): number | undefined {
  if (count !== undefined) return /^\d{1,4}$/.test(count) ? Number(count) : undefined
  if (files === undefined) return 1
  const list = /\[([\d,-]+)\]/.exec(files)?.[1]
  if (list === undefined) return files.split(',').length
  return expandNumbers(list, limits.devicesPerMachine)?.length
}

/** Adds an entry's cards where they belong; what is too much is told at once, before there is more of it. */
function addEntry(
  { line, cards, list }: Entry,
  nodes: Map<string, DeviceReading[]>,
  everywhere: DeviceReading[],
): Refusal | undefined {
  const expanded = list === undefined ? undefined : expandHostList(list, limits.machines)
  const names = expanded === undefined ? undefined : [...new Set(expanded)]
  if (
    list !== undefined &&
    (names === undefined || names.some((name) => name === '' || name.length > limits.hostNameCharacters))
  ) {
    return { code: 'value-invalid', line, field: 'NodeName', detail: list }
  }
  const lists = names === undefined ? [everywhere] : names.map((name) => nodes.get(name) ?? [])
  for (const [place, name] of (names ?? []).entries()) nodes.set(name, lists[place]!)
  for (const one of lists) one.push(...cards)
  const detail = list ?? `${everywhere.length} cards`
  if (nodes.size > limits.machines) {
    return { code: 'limit-exceeded', line, field: 'NodeName', limit: limits.machines, detail }
  }
  if (lists.some((one) => one.length > limits.devicesPerMachine)) {
    return { code: 'limit-exceeded', line, field: 'Name', limit: limits.devicesPerMachine, detail }
  }
  return undefined
}
