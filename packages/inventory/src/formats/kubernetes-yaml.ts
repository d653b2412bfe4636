import { isRecord } from '../json/check.ts'
import type { JsonPath } from '../json/path-line.ts'
import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { readBlockYaml } from '../text/block-yaml.ts'
import { endWhile } from '../text/lines.ts'
import type { Section, SectionReading, TextFormat } from './format.ts'
import { nothingRead } from './format.ts'
import { readNodes } from './kubernetes-nodes.ts'

const topKey = /^(?:apiVersion|kind|metadata|spec|status|items):(?:\s|$)/

/** A node, a list of nodes, or the status of a node alone, as `kubectl describe` and people copy it. */
function beginsNode(lines: readonly string[], at: number): boolean {
  if (!topKey.test(lines[at]!.slice(0, 64))) return false
  const head = lines.slice(at, at + 4).map((line) => line.slice(0, 200))
  return (
    head.some((line) => /^(?:- )?\s*kind:\s*(?:Node|NodeList|List)\s*$/.test(line)) ||
    (head[0]!.startsWith('status:') && head.some((line) => /^\s+(?:addresses|allocatable|capacity):\s*$/.test(line))) ||
    (head[0]!.startsWith('apiVersion: v1') && head.some((line) => /^items:\s*$/.test(line)))
  )
}

/** `kubectl get nodes -o yaml`: the same as its JSON. */
export const kubernetesYaml: TextFormat = {
  id: 'kubernetes-yaml',
  rank: 8,
  kind: 'text',
  starts: beginsNode,
  end: (lines, at) => endWhile(lines, at, (line) => /^(?:\s|- |#|$)/.test(line) || topKey.test(line.slice(0, 64))),
  spansHeadings: true,
  read: readYaml,
}

function readYaml(section: Section, notes: Notes): SectionReading {
  const yaml = readBlockYaml(section.lines)
  if (yaml === undefined) {
    const place = { line: section.firstLine, limit: limits.nesting, detail: 'YAML nested deeper' }
    notes.refuse('limit-exceeded', place)
    return nothingRead
  }
  const lineOf = (path: JsonPath): number => {
    const items = isRecord(yaml.value) ? yaml.value['items'] : undefined
    const node: unknown = Array.isArray(items) ? items[Number(path[1] ?? 0)] : yaml.value
    return section.firstLine + (yaml.lines.get(node) ?? 0)
  }
  return readNodes(yaml.value, { line: section.firstLine, lineOf, notes })
}
