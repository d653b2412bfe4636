import type { BundleFormat, Format, JsonFormat, Section, TextFormat } from './formats/format.ts'
import { defined } from './formats/format.ts'
import { formats } from './formats/index.ts'
import { limits } from './limits.ts'
import type { Notes, NotesBook } from './notes.ts'
import type { Heading } from './text/headings.ts'
import { readHeading } from './text/headings.ts'
import { jsonEnd } from './text/json-extent.ts'
import { explainStrayLine, isToolFailure, isToolRemark, mayTitleOtherText } from './text/stray-lines.ts'

export interface CutSection {
  readonly format: Format
  readonly section: Section
  readonly value?: unknown
}

/** Where the cutter stands: whose output is being read, and whether text of no known format is expected here. */
interface Cursor {
  at: number
  hostName: string | undefined
  command: string | undefined
  maySkip: boolean
  skipWarned: boolean
}

const textFormats = formats.filter((format): format is TextFormat => format.kind === 'text')
const jsonFormats = formats.filter((format): format is JsonFormat | BundleFormat => format.kind !== 'text')

/**
 * Cuts a paste into tool outputs and names each one's format and host. Text of no known format is refused, unless a
 * comment or another command introduces it: then it is skipped with a warning. `command` is what printed the first line.
 */
export function sniff(lines: readonly string[], book: NotesBook, command?: string): readonly CutSection[] {
  const sections: CutSection[] = []
  const maySkip = command !== undefined && mayTitleOtherText(command)
  const cursor: Cursor = { at: 0, hostName: undefined, command, maySkip, skipWarned: false }
  while (cursor.at < lines.length && book.issues.length === 0) {
    if (lines[cursor.at]!.trim() === '' || takeHeading(lines, cursor)) {
      cursor.at += 1
      continue
    }
    const cut = cutJson(lines, cursor, sections.length + 1, book) ?? cutText(lines, cursor, sections.length + 1)
    if (cut === undefined) {
      takeStrayLine(lines, cursor, book.forSection(sections.length + 1))
      continue
    }
    if (cut === 'refused') break
    if ('skipTo' in cut) {
      cursor.at = cut.skipTo
      continue
    }
    if (sections.push(cut) > limits.sections) refuseTooMany(cut, book)
    cursor.maySkip = false
    // It has answered.
    cursor.command = undefined
    cursor.at = cut.section.firstLine - 1 + cut.section.lines.length
  }
  return sections
}

function refuseTooMany(cut: CutSection, book: NotesBook): void {
  const { index, firstLine } = cut.section
  const detail = `tool output number ${index}`
  book.forSection(index, cut.format.id).refuse('limit-exceeded', { line: firstLine, limit: limits.sections, detail })
}

function takeHeading(lines: readonly string[], cursor: Cursor): boolean {
  const heading = readHeading(lines[cursor.at]!) ?? readFramedName(lines, cursor)
  if (heading === undefined || (heading.uncertain === true && cursor.maySkip)) return false
  if (heading.fence === true) return true
  if (heading.hostName !== undefined) cursor.hostName = heading.hostName
  cursor.command = heading.command ?? (heading.comment === true ? cursor.command : undefined)
  cursor.maySkip = heading.comment === true || (heading.command !== undefined && mayTitleOtherText(heading.command))
  cursor.skipWarned = false
  return true
}

const bareName = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?$/

/** `hostname` and its answer, and the framed names that `clush -b` and `dshbak` print. */
function readFramedName(lines: readonly string[], cursor: Cursor): Heading | undefined {
  const name = lines[cursor.at]!.trim()
  if (!bareName.test(name)) return undefined
  const ruled = [lines[cursor.at - 1], lines[cursor.at + 1]].every((line) => /^-{4,}\s*$/.test(line ?? ''))
  const asked = cursor.command !== undefined && /^(?:\S*\/)?hostname(?:\s+-\S+)?$/.test(cursor.command)
  return ruled || asked ? { hostName: name } : undefined
}

function cutText(lines: readonly string[], cursor: Cursor, index: number): CutSection | undefined {
  const format = textFormats.find((candidate) => candidate.starts(lines, cursor.at, cursor.command))
  if (format === undefined) return undefined
  const limit = Math.max(cursor.at + 1, format.end(lines, cursor.at, cursor.command))
  let end = cursor.at + 1
  while (end < limit && (format.spansHeadings === true || !endsSection(lines[end]!))) end += 1
  while (end > cursor.at + 1 && lines[end - 1]!.trim() === '') end -= 1
  return { format, section: sectionOf(lines, cursor, { index, end }) }
}

/** Comments stay inside a section, because tools print them too; a prompt or a host's name does not. */
function endsSection(line: string): boolean {
  const heading = readHeading(line)
  return heading !== undefined && (heading.hostName !== undefined || heading.command !== undefined)
}

function sectionOf(
  lines: readonly string[],
  cursor: Cursor,
  cut: { readonly index: number; readonly end: number },
): Section {
  const said = defined({ hostName: cursor.hostName, command: cursor.command })
  return { index: cut.index, firstLine: cursor.at + 1, ...said, lines: lines.slice(cursor.at, cut.end) }
}

/** `ansible -m setup` puts the host's name before its JSON. */
const ansibleAnswer = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,252}) \| (?:SUCCESS|CHANGED) => (?=\{)/

/** A usage text's `[options]` is none. */
const jsonStart = /^\s*(?:\{\s*(?:$|["}])|\[\s*(?:$|[{["\]]))/

function cutJson(
  lines: readonly string[],
  cursor: Cursor,
  index: number,
  book: NotesBook,
): CutSection | { readonly skipTo: number } | 'refused' | undefined {
  const answer = ansibleAnswer.exec(lines[cursor.at]!.slice(0, 300))
  const skip = answer?.[0].length ?? 0
  if (!jsonStart.test(lines[cursor.at]!.slice(skip))) return undefined
  if (answer !== null) cursor.hostName = answer[1]!
  const notes = book.forSection(index)
  const found = jsonEnd(lines, cursor.at, skip)
  if (!found.ok) {
    notes.refuse(found.issue.code, found.issue)
    return 'refused'
  }
  const section = sectionOf(lines, cursor, { index, end: found.value.end })
  const value = found.value.value
  const format = jsonFormats.find((candidate) => candidate.accepts(value))
  if (format !== undefined) return { format, section, value }
  if (cursor.maySkip) {
    notes.warn('text-skipped', { line: section.firstLine, detail: 'JSON of no known tool' })
    return { skipTo: found.value.end }
  }
  const detail = `JSON of no known tool: ${section.lines.slice(0, 3).join(' ')}`
  notes.refuse('unrecognised', { line: section.firstLine, detail })
  return 'refused'
}

function takeStrayLine(lines: readonly string[], cursor: Cursor, notes: Notes): void {
  const text = lines[cursor.at]!
  const line = cursor.at + 1
  cursor.at += 1
  if (isToolFailure(text)) {
    notes.warn('tool-failed', { line, detail: text })
    return
  }
  if (isToolRemark(text)) {
    notes.warn('text-skipped', { line, detail: text })
    return
  }
  const stray = explainStrayLine(text, cursor.command)
  if (stray.code === 'unrecognised' && cursor.maySkip) {
    if (!cursor.skipWarned) notes.warn('text-skipped', { line, detail: text })
    cursor.skipWarned = true
    return
  }
  notes.refuse(stray.code, { line, ...(stray.field === undefined ? {} : { field: stray.field }), detail: stray.detail })
}
