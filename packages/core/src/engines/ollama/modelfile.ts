import type { ModelSource } from '../engine.ts'

/** A PARAMETER line's value, by Ollama's own names. */
export type ModelfileParameters = Readonly<Record<string, number | boolean>>

/**
 * A Modelfile of FROM and PARAMETER lines. Throws for a source that no line can carry: the parser drops characters that do
 * not print, and a line break would begin another instruction.
 */
export function modelfile(source: ModelSource, parameters: ModelfileParameters): string {
  const lines = Object.entries(parameters).map(([name, value]) => `PARAMETER ${name} ${value}`)
  return [`FROM ${fromOf(source)}`, ...lines, ''].join('\n')
}

/** What Go's `strconv.IsPrint` is false for; of blanks it prints the common one only. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u
/** `owner/name` of the hub, and what may stand behind its colon. */
const REPOSITORY = /^[\w.-]+\/[\w.-]+$/
const TAG = /^[\w.-]+$/

function fromOf(source: ModelSource): string {
  if (source.kind === 'path') {
    if (UNPRINTABLE.test(source.path)) throw new Error('a Modelfile cannot carry a path with unprintable characters')
    return quoted(source.path)
  }
  const tag = source.file ?? source.quantization
  if (!REPOSITORY.test(source.repository) || (tag !== undefined && !TAG.test(tag))) {
    throw new Error(
      `Ollama takes no model named "${source.repository}${tag === undefined ? '' : `:${tag}`}" from the hub`,
    )
  }
  return `hf.co/${source.repository}${tag === undefined ? '' : `:${tag}`}`
}

/** Blanks at the ends are trimmed and quotes at the start are read, unless the value is quoted itself. */
const quoted = (value: string): string => (value.trim() === value && !value.startsWith('"') ? value : `"""${value}"""`)
