import { isRecord, textOf } from '../json/check.ts'
import type { JsonFields, JsonPlace } from '../json/read-field.ts'
import { lineOf, readFields } from '../json/read-field.ts'
import { limits } from '../limits.ts'
import { tooMany } from '../notes.ts'
import type { Figure } from '../text/figures.ts'
import { parseMebibytes, parseNumber } from '../text/figures.ts'
import type { JsonFormat, SectionReading } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { readGres, readTres } from './slurm-cards.ts'

const isNode = (value: unknown): value is JsonFields =>
  isRecord(value) && Object.hasOwn(value, 'name') && Object.hasOwn(value, 'real_memory')

/** Nodes as slurmrestd and `scontrol show node --json` give them; a figure may be wrapped as `{ set, number }`. */
export const slurmJson: JsonFormat = {
  id: 'slurm-json',
  rank: 8,
  kind: 'json',
  accepts: (value) =>
    isRecord(value) && Array.isArray(value['nodes']) && value['nodes'].length > 0 && value['nodes'].every(isNode),
  readJson: (value, section, notes) => {
    const { nodes } = value as { readonly nodes: readonly JsonFields[] }
    if (tooMany(nodes.length, { notes, line: section.firstLine, what: 'nodes', limit: limits.machines }))
      return nothingRead
    const hosts = nodes.map((node, place) => readNode(node, { path: ['nodes', place], section, notes }))
    return { ...nothingRead, hosts }
  },
}

function readNode(node: JsonFields, place: JsonPlace): NonNullable<SectionReading['hosts']>[number] {
  const plain = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, isRecord(value) && 'number' in value ? value['number'] : value]),
  )
  const { need } = readFields(plain, place)
  const line = lineOf(place)
  const hostName = need('name', (text): Figure<string> =>
    text.trim() === '' || text.length > limits.hostNameCharacters ? 'invalid' : text.trim(),
  )
  const host = defined({
    os: /^Linux\b/i.test(textOf(node['operating_system'])) ? ('linux' as const) : undefined,
    memoryTotal: need('real_memory', parseMebibytes),
    cpuCores: need('cpus', parseNumber),
  })
  const { notes } = place
  const cards = readGres(textOf(node['gres'] ?? ''), { line, field: 'gres', notes })
  const devices = cards.length > 0 ? cards : readTres(textOf(node['tres'] ?? ''), { line, field: 'tres', notes }).cards
  return { hostName: hostName ?? '', reading: { devices, host, saysNoDevices: true } }
}
