import { type OperatingSystem, operatingSystems } from '@berth/core'

import type { Check, FieldIssue } from '../json/check.ts'
import { isRecord, list, object, oneOf, optional, printed, required, text, wholeNumber } from '../json/check.ts'
import type { JsonPath } from '../json/path-line.ts'
import { lineOfPath, writePath } from '../json/path-line.ts'
import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import type { BundleFormat, CollectedHost, CollectedOutput, Section } from './format.ts'
import { defined } from './format.ts'

/** The version of what collect.sh prints; one of another version is refused rather than half read. */
const collectorVersion = 1

const isMarked = (value: unknown): boolean => isRecord(value) && Object.hasOwn(value, 'berthCollector')

const nameCheck: Check = (value, path, report) => {
  text(limits.hostNameCharacters)(value, path, report)
  if (typeof value === 'string' && /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(value)) {
    report({ code: 'value-invalid', path, detail: 'a name has no control characters' })
  }
}

const timeCheck: Check = (value, path, report) => {
  const holds = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)
  if (!holds || Number.isNaN(Date.parse(value))) {
    report({ code: 'value-invalid', path, detail: 'it is not a time as 2026-01-31T12:00:00Z' })
  }
}

const { min, max } = limits.reportSeconds

const checkReport = object({
  berthCollector: required(oneOf([collectorVersion])),
  hostName: required(nameCheck),
  collectedAt: required(timeCheck),
  os: required(oneOf([...operatingSystems, 'other'])),
  everySeconds: optional(wholeNumber(min, max)),
  remarks: optional(list(text(limits.nameCharacters), limits.collectedTools)),
  tools: required(
    list(
      object({
        command: required(text(limits.commandCharacters)),
        exitCode: required(wholeNumber(0, 255)),
        error: optional(printed),
        output: required(printed),
      }),
      limits.collectedTools,
    ),
  ),
})

/** What collect.sh prints: the outputs of one machine's tools, one after the other in one JSON object. */
export const berthCollector: BundleFormat = {
  id: 'berth-collector',
  // What its outputs say themselves is always the better word.
  rank: 10,
  kind: 'bundle',
  accepts: (value) => (Array.isArray(value) ? value.length > 0 && value.every(isMarked) : isMarked(value)),
  unpack: (value, section, notes) => {
    const entries: readonly unknown[] = Array.isArray(value) ? value : [value]
    if (entries.length > limits.machines) {
      const detail = `${entries.length} machines`
      notes.refuse('limit-exceeded', { line: section.firstLine, limit: limits.machines, detail })
      return []
    }
    const hosts = entries.map((entry, place) =>
      unpackHost(entry, Array.isArray(value) ? [place] : [], { section, notes }),
    )
    return hosts.filter((host) => host !== undefined)
  },
}

interface Place {
  readonly section: Section
  readonly notes: Notes
}

function unpackHost(entry: unknown, path: JsonPath, { section, notes }: Place): CollectedHost | undefined {
  const lineOf = (at: JsonPath): number => section.firstLine + lineOfPath(section.lines, at)
  const version = isRecord(entry) ? entry['berthCollector'] : undefined
  if (typeof version === 'number' && version !== collectorVersion) {
    const at = [...path, 'berthCollector']
    notes.refuse('version-unsupported', { line: lineOf(at), field: writePath(at), detail: `version ${version}` })
    return undefined
  }
  const issues: FieldIssue[] = []
  checkReport(entry, path, (issue) => issues.push(issue))
  const [first] = issues
  if (first !== undefined) {
    const { code, path: at, detail, limit } = first
    const line = lineOf(code === 'field-missing' ? at.slice(0, -1) : at)
    notes.refuse(code, { line, field: writePath(at), ...(limit === undefined ? {} : { limit }), detail })
    return undefined
  }
  const { hostName, collectedAt, everySeconds, os, tools } = entry as Report
  return defined({
    hostName,
    collectedAt,
    everySeconds,
    os: os === 'other' ? undefined : os,
    outputs: tools.map((tool, place) => ({ ...tool, line: lineOf([...path, 'tools', place, 'output']) })),
  })
}

interface Report extends Pick<CollectedHost, 'hostName' | 'collectedAt' | 'everySeconds'> {
  readonly os: OperatingSystem | 'other'
  readonly tools: readonly Omit<CollectedOutput, 'line'>[]
}
