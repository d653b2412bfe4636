import type { Machine, Result } from '@berth/core'
import { fail, ok } from '@berth/core'

import type { HostGroup, ReadSection } from './assemble/group.ts'
import { groupByHost } from './assemble/group.ts'
import { buildMachine } from './assemble/machine.ts'
import type { HostObservation } from './formats/format.ts'
import type { FormatId, InventoryIssue, InventoryWarning } from './issue.ts'
import { limits } from './limits.ts'
import type { NotesBook } from './notes.ts'
import { openNotes } from './notes.ts'
import type { ObservedMachines } from './observe.ts'
import { observeMachines } from './observe.ts'
import type { CollectedMachine } from './read-collected.ts'
import { openCollection, readCollected } from './read-collected.ts'
import { readSection } from './read-section.ts'
import type { CutSection } from './sniff.ts'
import { sniff } from './sniff.ts'
import { toLines } from './text/lines.ts'

/** Which lines of the paste were read as what. */
export interface SectionSummary {
  readonly format: FormatId
  readonly firstLine: number
  readonly lastLine: number
  readonly hostName?: string
}

export interface InventoryReading {
  readonly machines: readonly Machine[]
  /** What monitors measured of cards that `machines` does not have: for `observeMachines`, with those that are known. */
  readonly observations: readonly HostObservation[]
  /** Of the machines that a collector has reported: when, and what it could not see. */
  readonly collected: readonly CollectedMachine[]
  readonly sections: readonly SectionSummary[]
  readonly warnings: readonly InventoryWarning[]
}

export interface InventoryOptions {
  /** The name of a machine that the paste does not name: nvidia-smi prints no host name. */
  readonly hostName?: string
}

/**
 * Reads machines from a paste of one or several tools' outputs, of one or several hosts. All or nothing: the first
 * line that cannot be read refuses the paste and says where it stands. Never throws on bad input.
 */
export function readInventory(text: string, options: InventoryOptions = {}): Result<InventoryReading, InventoryIssue> {
  const lines = toLines(text)
  if (!lines.ok) return lines
  const book = openNotes()
  const hostName = checkHostName(options.hostName, book)
  const cuts = sniff(lines.value, book)
  const collection = openCollection(lines.value.length)
  const read = cuts.flatMap((cut) =>
    cut.format.kind === 'bundle' ? readCollected(cut, book, collection) : readSection(cut, book),
  )
  const groups = book.issues.length > 0 ? [] : groupByHost(read.filter(isToolOutput), book)
  const built = book.issues.length > 0 ? [] : buildMachines(groups, { hostName, book, read })
  const { machines, unmatched } = observe(built, { hostName, book, read })
  if (book.issues.length === 0 && machines.length + unmatched.length === 0) refuseNothing(lines.value, book)
  const issue = book.issues.map(collection.located).toSorted((a, b) => a.line - b.line)[0]
  if (issue !== undefined) return fail(issue)
  const sections = [...cuts.map(summary), ...collection.sections]
  const warnings = book.warnings.map(collection.located)
  return ok({ machines, observations: unmatched, collected: collection.machines, sections, warnings })
}

const isToolOutput = ({ reading }: ReadSection): boolean =>
  reading.machines === undefined && reading.observations === undefined

/** What monitors say of the paste's own machines; a paste of one host need not name it. */
function observe(machines: readonly Machine[], { hostName, book, read }: Build): ObservedMachines {
  const only = hostName ?? (machines.length === 1 ? machines[0]!.name : undefined)
  const observations = read.flatMap(({ section, reading }) =>
    (reading.observations ?? []).map((observation): HostObservation => {
      const name = section.hostName ?? observation.hostName ?? only
      return name === undefined ? observation : { ...observation, hostName: name }
    }),
  )
  const observed = observeMachines(machines, observations)
  for (const { line, hostName: host, cards, models } of observed.unmatched) {
    const places = cards.map((card) => card.uuid ?? card.pciBusId ?? `GPU ${card.index ?? ''}`)
    const names = [...places, ...(models ?? []).map((model) => model.name)]
    const detail = `${host === undefined ? '' : `${host}: `}${names.join(', ')}`
    book.forSection(0).warn('observation-unmatched', { line, detail })
  }
  return observed
}

function checkHostName(hostName: string | undefined, book: NotesBook): string | undefined {
  const name = hostName?.trim()
  if (name === undefined || name === '') return undefined
  if (name.length > limits.hostNameCharacters) {
    const place = { line: 0, field: 'hostName', limit: limits.hostNameCharacters, detail: name }
    book.forSection(0).refuse('limit-exceeded', place)
  }
  return name
}

const summary = ({ format, section }: CutSection): SectionSummary => ({
  format: format.id,
  firstLine: section.firstLine,
  lastLine: section.firstLine + section.lines.length - 1,
  ...(section.hostName === undefined ? {} : { hostName: section.hostName }),
})

interface Build {
  readonly hostName: string | undefined
  readonly book: NotesBook
  readonly read: readonly ReadSection[]
}

function buildMachines(groups: readonly HostGroup[], build: Build): readonly Machine[] {
  const { hostName, book, read } = build
  const machines = read.flatMap(({ reading }) => reading.machines ?? [])
  const names = nameGroups(groups, hostName)
  groups.forEach((group, place) => {
    const machine = buildMachine(group, names[place]!, book)
    if (machine !== undefined) machines.push(machine)
  })
  if (machines.length > limits.machines) {
    const place = { line: 1, limit: limits.machines, detail: `${machines.length} machines` }
    book.forSection(0).refuse('limit-exceeded', place)
  }
  refuseTwice(machines, build)
  return machines
}

function nameGroups(groups: readonly HostGroup[], hostName: string | undefined): readonly string[] {
  const taken = new Set(groups.map((group) => group.hostName))
  let unnamed = 0
  return groups.map((group) => {
    if (group.hostName !== undefined) return group.hostName
    unnamed += 1
    if (hostName !== undefined && unnamed === 1) return hostName
    while (taken.has(numbered(hostName, unnamed))) unnamed += 1
    return numbered(hostName, unnamed)
  })
}

const numbered = (hostName: string | undefined, number: number): string => `${hostName ?? 'machine'}-${number}`

/** Two machines of one name, or one card in two machines: saving both would make one of them wrong. */
function refuseTwice(machines: readonly Machine[], { book, read }: Build): void {
  const names = new Set<string>()
  const owners = new Map<string, string>()
  for (const machine of machines) {
    const line = Math.max(
      1,
      ...read.filter((one) => isAbout(one, machine.name)).map(({ section }) => section.firstLine),
    )
    if (names.has(machine.name) || names.has(machine.id)) {
      book.forSection(0).refuse('duplicate-machine', { line, field: 'name', detail: machine.name })
    }
    for (const uuid of new Set(machine.devices.map((device) => device.uuid))) {
      const owner = uuid === undefined ? undefined : owners.get(uuid)
      const detail = `${uuid ?? ''} on ${owner ?? ''} and ${machine.name}`
      if (owner !== undefined) book.forSection(0).refuse('duplicate-device', { line, field: 'uuid', detail })
      if (uuid !== undefined) owners.set(uuid, machine.name)
    }
    names.add(machine.name).add(machine.id)
  }
}

const isAbout = ({ section, reading }: ReadSection, name: string): boolean =>
  section.hostName === name || (reading.machines ?? []).some((machine) => machine.name === name)

function refuseNothing(lines: readonly string[], book: NotesBook): void {
  const failure = book.warnings.find((warning) => warning.code === 'tool-failed')
  const notes = book.forSection(0)
  if (failure !== undefined) {
    notes.refuse('tool-failed', { line: failure.line, detail: failure.detail })
    return
  }
  const skipped = book.warnings.find((warning) => warning.code === 'text-skipped')
  if (skipped !== undefined) {
    notes.refuse('unrecognised', { line: skipped.line, detail: skipped.detail })
    return
  }
  const ignored = book.warnings.find((warning) => warning.code === 'section-ignored')
  if (ignored !== undefined) {
    const { line, detail, section, format } = ignored
    book.forSection(section, format).refuse('no-devices', { line, detail })
    return
  }
  const first = lines.findIndex((line) => line.trim() !== '')
  if (first === -1) notes.refuse('empty', { line: 1, detail: '' })
  else notes.refuse('unrecognised', { line: first + 1, detail: lines[first]! })
}
