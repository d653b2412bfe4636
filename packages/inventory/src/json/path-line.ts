export type JsonPath = readonly (string | number)[]

/** `devices[2].memory.reported`, as an issue names a place. */
export const writePath = (path: JsonPath): string =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  )

interface Level {
  readonly array: boolean
  step: string | number
}

/**
 * Lines below the first on which the value at `path` begins, in text that `JSON.parse` has accepted. Run only to say
 * where a refused field is, because the parser keeps no positions.
 */
export function lineOfPath(text: string, path: JsonPath): number {
  const levels: Level[] = []
  let line = 0
  let key = ''
  const here = (): boolean =>
    levels.length === path.length && levels.every((level, depth) => level.step === path[depth])
  for (let at = 0; at < text.length; at += 1) {
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
      continue
    }
    const end = character === '"' ? stringEnd(text, at) : at
    if (character === '"' && level?.array === false && isKey(text, end)) {
      key = JSON.parse(text.slice(at, end + 1)) as string
      level.step = key
      at = end
      continue
    }
    if (here()) return line
    at = end
    if (character === '{') levels.push({ array: false, step: '' })
    if (character === '[') levels.push({ array: true, step: 0 })
  }
  return 0
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
