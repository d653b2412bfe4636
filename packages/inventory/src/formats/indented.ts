import type { SmiNode } from './smi-tree.ts'

interface OpenNode {
  readonly tag: string
  readonly text: string
  readonly line: number
  readonly indent: number
  readonly children: OpenNode[]
}

/** A tag as XML would have it: "FB Memory Usage" is `fb_memory_usage`. */
const tagOf = (label: string): string =>
  label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')

/** `Label : value`, or a heading: the colon of a bus id has no space after it. */
const labelled = /^(\s*)([^:\s][^:]{0,80}?)\s*:(?:\s+(.*))?$/

/** Text whose indentation is its structure, as `nvidia-smi -q` and `amd-smi static` print it. */
export function readIndented(lines: readonly string[], firstLine: number): SmiNode {
  const root: OpenNode = { tag: '', text: '', line: firstLine, indent: -1, children: [] }
  const open = [root]
  lines.forEach((raw, place) => {
    if (raw.trim() === '' || raw.length > 4096) return
    const text = raw.replaceAll('\t', '        ')
    const match = labelled.exec(text)
    const label = match?.[2] ?? text.trim()
    const indent = text.length - text.trimStart().length
    while (open.length > 1 && open.at(-1)!.indent >= indent) open.pop()
    const value = match === null ? label : (match[3] ?? '').trim()
    const node: OpenNode = { tag: tagOf(label), text: value, line: firstLine + place, indent, children: [] }
    open.at(-1)!.children.push(node)
    open.push(node)
  })
  return root
}
