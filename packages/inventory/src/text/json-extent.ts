import type { Result } from '@berth/core'
import { fail, ok } from '@berth/core'

import type { InventoryIssueCode } from '../issue.ts'
import { limits } from '../limits.ts'

interface JsonIssue {
  readonly code: InventoryIssueCode
  readonly line: number
  readonly limit?: number
  readonly detail: string
}

interface JsonExtent {
  readonly value: unknown
  /** The line after the value's last. */
  readonly end: number
}

/**
 * The JSON value that begins at line `at`, after its first `skip` characters, and the lines it takes: brackets are
 * counted before anything is parsed.
 */
export function jsonEnd(lines: readonly string[], at: number, skip = 0): Result<JsonExtent, JsonIssue> {
  let depth = 0
  let inString = false
  for (let line = at; line < lines.length; line += 1) {
    const text = lines[line]!
    for (let place = line === at ? skip : 0; place < text.length; place += 1) {
      const character = text[place]!
      if (inString) {
        if (character === '\\') place += 1
        else if (character === '"') inString = false
      } else if (character === '"') inString = true
      else if (character === '{' || character === '[') {
        depth += 1
        if (depth > limits.nesting) {
          const detail = `brackets ${depth} deep`
          return fail({ code: 'limit-exceeded', line: line + 1, limit: limits.nesting, detail })
        }
      } else if (character === '}' || character === ']') {
        depth -= 1
        if (depth === 0) return parsed(lines, { at, skip, line, place })
      }
    }
  }
  return fail({ code: 'truncated', line: at + 1, detail: 'the JSON that begins here is not closed' })
}

function parsed(
  lines: readonly string[],
  span: { readonly at: number; readonly skip: number; readonly line: number; readonly place: number },
): Result<JsonExtent, JsonIssue> {
  const last = lines[span.line]!
  const after = last.slice(span.place + 1).trim()
  if (after !== '' && after !== ',') {
    return fail({ code: 'malformed', line: span.line + 1, detail: `text after the JSON: ${after}` })
  }
  const text = [...lines.slice(span.at, span.line), last.slice(0, span.place + 1)].join('\n').slice(span.skip)
  try {
    const value: unknown = JSON.parse(text)
    return ok({ value, end: span.line + 1 })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return fail({ code: 'malformed', line: span.at + 1 + linesBefore(text, message), detail: message })
  }
}

/** V8 names the offset ("at position 123"); elsewhere the value's first line has to do. */
function linesBefore(text: string, message: string): number {
  const position = /at position (\d+)/.exec(message)?.[1]
  return position === undefined ? 0 : text.slice(0, Number(position)).split('\n').length - 1
}
