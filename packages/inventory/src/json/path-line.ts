export type JsonPath = readonly (string | number)[]

/** `devices[2].memory.reported`, as an issue names a place. */
export const writePath = (path: JsonPath): string =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  )

/** Where a list or record begins. */
interface Beginning {
  readonly at: number
  readonly line: number
}

/** Below this, lists and records are found by reading on from the one that holds them. */
const indexedDepth = 5
/** A paste of every machine with every device it may have begins fewer. */
const indexedBeginnings = 200_000

interface JsonIndex {
  readonly text: string
  readonly beginnings: ReadonlyMap<string, Beginning>
  readonly complete: boolean
}

/** Text is read through once however many of its values are asked for: a list of nodes asks for each of them. */
const indexes = new WeakMap<readonly string[], JsonIndex>()

const keyOf = (path: JsonPath): string => JSON.stringify(path)

/**
 * Lines below the first on which the value at `path` begins, in lines that `JSON.parse` has accepted; the parser keeps
 * no positions. In a text of very many lists and records it is the line of one that holds the value.
 */
export function lineOfPath(lines: readonly string[], path: JsonPath): number {
  const index = indexes.get(lines) ?? indexOf(lines)
  indexes.set(lines, index)
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const holder = index.beginnings.get(keyOf(path.slice(0, depth)))
    if (holder === undefined) continue
    if (depth === path.length || !index.complete) return holder.line
    const sought = path.slice(depth)
    let found = holder.line
    scan(index.text, holder, (levels, line) => {
      if (levels.length !== sought.length || levels.some((level, at) => level.step !== sought[at])) return true
      found = line
      return false
    })
    return found
  }
  return 0
}

function indexOf(lines: readonly string[]): JsonIndex {
  const text = lines.join('\n')
  const beginnings = new Map<string, Beginning>()
  let complete = true
  scan(text, { at: 0, line: 0 }, (levels, line, at) => {
    if (levels.length > indexedDepth || (text[at] !== '{' && text[at] !== '[')) return true
    if (beginnings.size >= indexedBeginnings) complete = false
    else beginnings.set(keyOf(levels.map(({ step }) => step)), { at, line })
    return complete
  })
  return { text, beginnings, complete }
}

interface Level {
  readonly array: boolean
  step: string | number
}

/** Goes through one value and tells of each value in it; stops when told to, and at the value's end. */
function scan(
  text: string,
  from: Beginning,
  visit: (levels: readonly Level[], line: number, at: number) => boolean,
): void {
  const levels: Level[] = []
  let line = from.line
  for (let at = from.at; at < text.length; at += 1) {
    const character = text[at]!
    if (character === '\n') line += 1
    if (/[\s:]/.test(character)) continue
    const level = levels.at(-1)
    if (character === ',' && level !== undefined) {
      if (typeof level.step === 'number') level.step += 1
      continue
    }
    if (character === '}' || character === ']') {
      levels.pop()
      if (levels.length === 0) return
      continue
    }
    const end = character === '"' ? stringEnd(text, at) : at
    if (character === '"' && level?.array === false && isKey(text, end)) {
      level.step = JSON.parse(text.slice(at, end + 1)) as string
      at = end
      continue
    }
    if (!visit(levels, line, at)) return
    at = end
    if (character === '{') levels.push({ array: false, step: '' })
    else if (character === '[') levels.push({ array: true, step: 0 })
    else at = scalarEnd(text, end)
  }
}

/** Of a number or a word, and of a string that has ended already. */
function scalarEnd(text: string, start: number): number {
  let at = start
  while (at + 1 < text.length && !/[\s,\]}]/.test(text[at + 1]!)) at += 1
  return at
}

function stringEnd(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

function isKey(text: string, end: number): boolean {
  let at = end + 1
  while (/\s/.test(text[at] ?? '')) at += 1
  return text[at] === ':'
}
