import { limits } from '../limits.ts'

type Mapping = Record<string, unknown>

interface Frame {
  readonly indent: number
  /** A mapping and its key that waits for a value on the lines below, or a sequence. */
  readonly mapping?: Mapping
  readonly sequence?: unknown[]
  waiting?: string | undefined
}

export interface BlockYaml {
  readonly value: unknown
  /** The line of each mapping, 0 for the first of the text. */
  readonly lines: ReadonlyMap<unknown, number>
}

/** A longer line is an annotation's text. */
const lineCharacters = 2048
const keyed = /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#'"[\]{}&*!|>%@`,-][^:#]{0,320}?|[^\s:]{1,320}):(?:\s+(.*))?$/

/**
 * The part of YAML that Kubernetes writes: mappings and sequences by indentation, and scalars, all of them as text. A
 * whole YAML parser takes seconds for a MiB, and reads aliases and tags that are not in it; here each line is looked at
 * once, and one that is none of these is passed over. Undefined when it is nested deeper than the limit.
 */
export function readBlockYaml(text: readonly string[]): BlockYaml | undefined {
  const root = emptyMapping()
  const lines = new Map<unknown, number>([[root, 0]])
  const frames: Frame[] = [{ indent: 0, mapping: root }]
  for (const [line, raw] of text.entries()) {
    if (raw.length > lineCharacters || /^\s*(?:#|$|---)/.test(raw)) continue
    let indent = raw.length - raw.trimStart().length
    let rest = raw.trim()
    while (rest === '-' || rest.startsWith('- ')) {
      const sequence = sequenceAt(frames, indent)
      if (sequence === undefined) break
      const content = rest.slice(1).trimStart()
      const inner = indent + rest.length - content.length
      if (keyed.test(content)) {
        const mapping = emptyMapping()
        lines.set(mapping, line)
        sequence.push(mapping)
        frames.push({ indent: inner, mapping })
      } else if (content !== '') sequence.push(scalar(content))
      rest = content
      indent = inner
    }
    takeKey(frames, { indent, rest, line, lines })
    if (frames.length > limits.nesting) return undefined
  }
  return { value: root, lines }
}

/** Without a prototype, so that a key is only ever a key. */
const emptyMapping = (): Mapping => Object.create(null) as Mapping

/** The sequence whose items begin at this indent; it may stand under its key without being indented. */
function sequenceAt(frames: Frame[], indent: number): unknown[] | undefined {
  while (frames.length > 1 && frames.at(-1)!.indent > indent) frames.pop()
  const top = frames.at(-1)!
  if (top.sequence !== undefined) return top.indent === indent ? top.sequence : undefined
  if (top.waiting === undefined) {
    const below = frames.at(-2)
    if (below?.sequence === undefined || below.indent !== indent) return undefined
    frames.pop()
    return below.sequence
  }
  const sequence: unknown[] = []
  top.mapping![top.waiting] = sequence
  top.waiting = undefined
  frames.push({ indent, sequence })
  return sequence
}

interface KeyLine {
  readonly indent: number
  readonly rest: string
  readonly line: number
  readonly lines: Map<unknown, number>
}

function takeKey(frames: Frame[], { indent, rest, line, lines }: KeyLine): void {
  const match = keyed.exec(rest)
  if (match === null) return
  const isInner = (frame: Frame) => frame.indent > indent || (frame.indent === indent && frame.sequence !== undefined)
  while (frames.length > 1 && isInner(frames.at(-1)!)) frames.pop()
  let top = frames.at(-1)!
  if (top.indent < indent) {
    if (top.mapping === undefined || top.waiting === undefined) return
    const mapping = emptyMapping()
    lines.set(mapping, line)
    top.mapping[top.waiting] = mapping
    top.waiting = undefined
    frames.push({ indent, mapping })
    top = frames.at(-1)!
  }
  if (top.mapping === undefined) return
  const key = scalar(match[1]!)
  const given = match[2]?.trim() ?? ''
  // An alias, an anchor or a tag: its value is not looked for, and no name or figure begins so.
  const value = /^[*&!]/.test(given) ? '' : given
  top.mapping[key] = value === '' ? null : scalar(value)
  top.waiting = value === '' ? key : undefined
}

function scalar(text: string): string {
  if (text.startsWith("'") && text.endsWith("'") && text.length > 1) return text.slice(1, -1).replaceAll("''", "'")
  if (!text.startsWith('"')) return text.replace(/\s+#.*$/, '')
  try {
    return String(JSON.parse(text))
  } catch {
    return text
  }
}
