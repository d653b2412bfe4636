import type { Notes } from '../notes.ts'
import { endWhile } from '../text/lines.ts'
import type { Section, SectionReading, TextFormat } from './format.ts'
import { labelsOf } from './kubernetes-labels.ts'
import { readNodes } from './kubernetes-nodes.ts'

const lineCharacters = 4096
const name = /^Name:\s+([a-z0-9][a-z0-9.-]{0,252})\s*$/
const isName = (line: string): boolean => name.test(line.slice(0, 300))
/** Of a node: what is described may be a pod too. */
const isOfNode = (lines: readonly string[], at: number): boolean =>
  lines.slice(at + 1, at + 4).some((line) => /^Roles:\s/.test(line))
const heading = /^[A-Z][\w ()-]{1,40}:/

/** `kubectl describe node`: labels, capacity and the system of the node, in words for people. */
export const kubernetesDescribe: TextFormat = {
  id: 'kubernetes-describe',
  rank: 8,
  kind: 'text',
  starts: (lines, at) => isName(lines[at]!) && isOfNode(lines, at),
  end: (lines, at) =>
    endWhile(lines, at, (line) => !isName(line) && (/^\s|^$/.test(line) || heading.test(line.slice(0, 64)))),
  // `Capacity:` alone on its line reads like a host's name.
  spansHeadings: true,
  read: readNode,
}

function readNode(section: Section, notes: Notes): SectionReading {
  const line = section.firstLine
  const fields = (title: string): Readonly<Record<string, string>> => {
    const start = section.lines.findIndex((text) => text.startsWith(`${title}:`))
    if (start === -1) return {}
    const end = endWhile(section.lines, start, (text) => /^\s+\S/.test(text))
    return Object.fromEntries(
      section.lines.slice(start + 1, end).flatMap((text) => {
        const match = /^\s+([\w ./-]{1,320}?):\s+(\S.*?)\s*$/.exec(text.slice(0, lineCharacters))
        return match === null ? [] : [[match[1]!, match[2]!]]
      }),
    )
  }
  const node = {
    metadata: { name: name.exec(section.lines[0]!)?.[1], labels: labelsOf(section) },
    status: {
      capacity: fields('Capacity'),
      nodeInfo: { operatingSystem: fields('System Info')['Operating System'] },
    },
  }
  return readNodes(node, { line, lineOf: () => line, notes })
}
