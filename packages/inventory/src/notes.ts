import type { FormatId, InventoryIssue, InventoryIssueCode, InventoryWarning, InventoryWarningCode } from './issue.ts'
import { quote } from './issue.ts'
import { limits } from './limits.ts'

export interface Place {
  readonly line: number
  readonly field?: string
  readonly detail: string
}

/** What a reader says while it reads one section. The first refusal refuses the paste; reading may go on to find its end. */
export interface Notes {
  readonly refuse: (code: InventoryIssueCode, place: Place & { readonly limit?: number }) => void
  readonly warn: (code: InventoryWarningCode, place: Place) => void
}

interface Crowd {
  readonly notes: Notes
  readonly line: number
  /** What there is too much of, in words. */
  readonly what: string
  /** Of devices where nothing else is said. */
  readonly limit?: number
  readonly field?: string
}

/** Refuses more than Berth reads at once; true when there are too many. */
export function tooMany(count: number, { notes, line, what, limit = limits.devicesPerMachine, field }: Crowd): boolean {
  if (count <= limit) return false
  const detail = `${count} ${what}`
  notes.refuse('limit-exceeded', field === undefined ? { line, limit, detail } : { line, field, limit, detail })
  return true
}

export interface NotesBook {
  readonly issues: readonly InventoryIssue[]
  readonly warnings: readonly InventoryWarning[]
  readonly forSection: (section: number, format?: FormatId) => Notes
  /** Takes over what was noted of lines that are counted from `after` + 1 on here. */
  readonly take: (other: Pick<NotesBook, 'issues' | 'warnings'>, after: number) => void
}

/** At most this many warnings are kept: a hostile paste must not answer with more text than it sent. */
const warningsKept = 1000

export function openNotes(): NotesBook {
  const issues: InventoryIssue[] = []
  const warnings: InventoryWarning[] = []
  const said = new Set<string>()
  const keep = (warning: InventoryWarning): void => {
    const key = JSON.stringify(warning)
    if (warnings.length >= warningsKept || said.has(key)) return
    said.add(key)
    warnings.push(warning)
  }
  const forSection = (section: number, format?: FormatId): Notes => {
    const where = format === undefined ? { section } : { section, format }
    return {
      refuse: (code, place) => {
        issues.push({ code, ...where, ...place, detail: quote(place.detail) })
      },
      warn: (code, place) => {
        keep({ code, ...where, ...place, detail: quote(place.detail) })
      },
    }
  }
  const take: NotesBook['take'] = (other, after) => {
    issues.push(...other.issues.map((issue) => ({ ...issue, line: issue.line + after })))
    for (const warning of other.warnings) keep({ ...warning, line: warning.line + after })
  }
  return { issues, warnings, forSection, take }
}
