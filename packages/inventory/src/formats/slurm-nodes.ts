import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { parseMemory } from '../text/figures.ts'
import type { DeviceReading, Section, SectionReading, TextFormat } from './format.ts'
import { defined } from './format.ts'

const lineCharacters = 16_384
const nodeStart = /^NodeName=\S/

/** `scontrol show node`, wrapped or one node a line (-o). It names types of GPUs, and no memory of theirs. */
export const slurmNodes: TextFormat = {
  id: 'slurm-nodes',
  rank: 8,
  kind: 'text',
  starts: (lines, at) => nodeStart.test(lines[at]!),
  end: (lines, at) => {
    let end = at + 1
    while (end < lines.length && (nodeStart.test(lines[end]!) || /^\s*$|^\s+\w+=/.test(lines[end]!.slice(0, 200))))
      end += 1
    return end
  },
  read: (section, notes) => {
    const hosts: { readonly hostName: string; readonly reading: SectionReading }[] = []
    let node: { readonly line: number; readonly lines: string[] } | undefined
    const close = () => {
      if (node !== undefined) hosts.push(readNode(node.lines.join(' '), node.line, notes))
    }
    section.lines.forEach((text, place) => {
      if (nodeStart.test(text)) {
        close()
        node = { line: section.firstLine + place, lines: [] }
      }
      node?.lines.push(text.slice(0, lineCharacters))
    })
    close()
    refuseTwice(hosts, section, notes)
    return { devices: [], hosts }
  },
}

function refuseTwice(hosts: readonly { readonly hostName: string }[], section: Section, notes: Notes): void {
  const names = hosts.map((host) => host.hostName.toLowerCase())
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (twice === undefined) return
  notes.refuse('duplicate-machine', { line: section.firstLine, field: 'NodeName', detail: twice })
}

function readNode(
  text: string,
  line: number,
  notes: Notes,
): { readonly hostName: string; readonly reading: SectionReading } {
  const field = (name: string): string | undefined => new RegExp(`(?:^|\\s)${name}=(\\S*)`).exec(text)?.[1]
  const memory = parseMemory(field('RealMemory') ?? '', 'MiB')
  if (memory === 'invalid') {
    notes.refuse('value-invalid', { line, field: 'RealMemory', detail: field('RealMemory') ?? '' })
  }
  const cores = Number(field('CPUTot'))
  const reading = {
    devices: readGres(field('Gres') ?? '', line, notes),
    host: defined({
      memoryTotal: memory === 'invalid' ? undefined : memory,
      cpuCores: Number.isSafeInteger(cores) && cores > 0 ? cores : undefined,
    }),
    saysNoDevices: true,
  }
  return { hostName: (field('NodeName') ?? '').slice(0, limits.hostNameCharacters), reading }
}

/** `gpu:a100:4(S:0-1),gpu:v100:2`; TRES counts them too, but only on clusters set up for it. */
function readGres(text: string, line: number, notes: Notes): readonly DeviceReading[] {
  const entries = [...text.matchAll(/(?:^|,)gpu(?::([A-Za-z][\w.-]{0,63}))?(?::(\d{1,4}))?(?:\([^)]*\))?(?=,|$)/g)]
  const types = entries.flatMap((entry): readonly (string | undefined)[] =>
    Array.from({ length: Math.min(Number(entry[2] ?? 1), limits.devicesPerMachine + 1) }, () => entry[1]),
  )
  if (types.length > limits.devicesPerMachine) {
    notes.refuse('limit-exceeded', { line, field: 'Gres', limit: limits.devicesPerMachine, detail: text })
    return []
  }
  return types.map((name) => defined({ line, backend: /^(?:mi\d|gfx|amd)/i.test(name ?? '') ? 'rocm' : 'cuda', name }))
}
