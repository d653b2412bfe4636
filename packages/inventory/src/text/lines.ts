import type { Result } from '@berth/core'
import { fail, ok } from '@berth/core'

import type { InventoryIssue } from '../issue.ts'
import { limits } from '../limits.ts'

/**
 * A paste as lines that can be compared: no byte order mark, colour codes, NULs (UTF-16 read as UTF-8) or
 * no-break spaces. Line numbers stay those of the paste.
 */
export function toLines(text: string): Result<readonly string[], InventoryIssue> {
  if (text.length > limits.textCharacters) {
    return tooLong({ line: 1, limit: limits.textCharacters, detail: `${text.length} characters` })
  }
  const lines = cleanText(text).split('\n')
  if (lines.length > limits.lines) {
    return tooLong({ line: limits.lines, limit: limits.lines, detail: `${lines.length} lines` })
  }
  const longest = lines.findIndex((line) => line.length > limits.lineCharacters)
  if (longest !== -1) {
    const detail = `a line of ${lines[longest]!.length} characters`
    return tooLong({ line: longest + 1, limit: limits.lineCharacters, detail })
  }
  return ok(lines)
}

const tooLong = (place: { readonly line: number; readonly limit: number; readonly detail: string }) =>
  fail<InventoryIssue>({ code: 'limit-exceeded', section: 0, ...place })

/* oxlint-disable no-control-regex -- control characters are what is taken out here */
const terminalSequence =
  /\u001b(?:\[[0-9;:?<=>]*[ -/]*[@-~]|\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|[()#][0-9A-Za-z]|[@-Z\\-_a-z=>])?/g
const otherControl = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g

const cleanText = (text: string): string =>
  text
    .replace(/^[\ufeff\ufffd]+/, '')
    .replace(/\r*\n|\r+/g, '\n')
    .replace(terminalSequence, '')
    .replace(otherControl, '')
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/[\u200b\u2060\ufeff]/g, '')

/** The line after the last in a row that belongs to what begins at `at`, whose first line does. */
export function endWhile(
  lines: readonly string[],
  at: number,
  belongs: (line: string, place: number) => boolean,
): number {
  let end = at + 1
  while (end < lines.length && belongs(lines[end]!, end)) end += 1
  return end
}

/** As `endWhile`, with blank lines between those that belong, but none after the last. */
export function endWithGaps(lines: readonly string[], at: number, belongs: (line: string) => boolean): number {
  let end = at + 1
  for (let line = at + 1; line < lines.length; line += 1) {
    if (belongs(lines[line]!)) end = line + 1
    else if (lines[line]!.trim() !== '') break
  }
  return end
}
