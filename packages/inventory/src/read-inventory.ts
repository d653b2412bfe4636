import type { Machine, Result } from '@berth/core'
import { fail, ok } from '@berth/core'

import type { HostGroup, ReadSection } from './assemble/group.ts'
import { groupByHost } from './assemble/group.ts'
import { buildMachine } from './assemble/machine.ts'
import { pathsAlone } from './assemble/paths-alone.ts'
import type { HostObservation, ToldOfMachine } from './formats/format.ts'
import type { FormatId, InventoryIssue, InventoryWarning } from './issue.ts'
import { limits } from './limits.ts'
import type { NotesBook } from './notes.ts'
import { openNotes, tooMany } from './notes.ts'
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
  /** By a machine's name, what Berth's own formats say of it beside its figures. */
  readonly told: ReadonlyMap<string, ToldOfMachine>
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
  const named = nameGroups(groups, hostName)
  const alone = pathsAloneOf(named, book)
  const whole = named.filter((group) => !alone.has(group))
  const built = book.issues.length > 0 ? [] : buildMachines(whole, { hostName, book, read })
  const { machines, unmatched } = observe(built, [...alone.values()], { hostName, book, read })
  if (book.issues.length === 0 && machines.length + unmatched.length === 0) refuseNothing(lines.value, book)
  const located = <Note extends InventoryIssue | InventoryWarning>(note: Note): Note =>
    inSection(collection.located(note), cuts)
  const issue = book.issues.map(located).toSorted((a, b) => a.line - b.line)[0]
  if (issue !== undefined) return fail(issue)
  return ok({
    machines,
    told: new Map(read.flatMap(({ reading }) => [...(reading.told ?? [])])),
    observations: unmatched,
    collected: collection.machines,
    sections: [...cuts.map(summary), ...collection.sections],
    warnings: book.warnings.map(located),
  })
}

/** What was found when the sections were put together has a line, and the line is some section's. */
function inSection<Note extends InventoryIssue | InventoryWarning>(note: Note, cuts: readonly CutSection[]): Note {
  const cut =
    note.section > 0
      ? undefined
      : cuts.find(({ section: { firstLine, lines } }) => note.line >= firstLine && note.line < firstLine + lines.length)
  return cut === undefined ? note : { ...note, section: cut.section.index, format: cut.format.id }
}

const isToolOutput = ({ reading }: ReadSection): boolean =>
  reading.machines === undefined && reading.observations === undefined

/** The groups that show no card and tell of paths or network only: they are of machines that are known by their names. */
function pathsAloneOf(groups: readonly NamedGroup[], book: NotesBook): ReadonlyMap<NamedGroup, HostObservation> {
  const alone = new Map<NamedGroup, HostObservation>()
  for (const group of groups) {
    const observation = pathsAlone(group, book)
    if (observation === undefined) continue
    const { section, format } = group.sections[0]!
    const { line } = observation
    if (!group.isNamed) book.forSection(section.index, format.id).refuse('host-not-named', { line, detail: format.id })
    alone.set(group, { ...observation, hostName: group.name })
  }
  return alone
}

/** What was seen of the paste's own machines; a paste of one host need not name it. */
function observe(
  machines: readonly Machine[],
  alone: readonly HostObservation[],
  { hostName, book, read }: Build,
): ObservedMachines {
  const only = hostName ?? (machines.length === 1 ? machines[0]!.name : undefined)
  const observations = read.flatMap(({ section, reading }) =>
    (reading.observations ?? []).map((observation): HostObservation => {
      const name = section.hostName ?? observation.hostName ?? only
      return name === undefined ? observation : { ...observation, hostName: name }
    }),
  )
  const observed = observeMachines(machines, [...observations, ...alone])
  for (const { line, hostName: host, cards, models, paths, networkInterfaces } of observed.unmatched) {
    if (paths ?? networkInterfaces) book.forSection(0).warn('paths-unmatched', { line, detail: host ?? '' })
    if (cards.length === 0 && models === undefined) continue
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

interface Placed {
  readonly machine: Machine
  /** Where what is said of it begins. */
  readonly line: number
}

function buildMachines(groups: readonly NamedGroup[], { book, read }: Build): readonly Machine[] {
  const written = read.flatMap(({ section, reading }) =>
    (reading.machines ?? []).map((machine): Placed => ({ machine, line: section.firstLine })),
  )
  const built = groups.flatMap((group): readonly Placed[] => {
    const machine = buildMachine(group, group.name, book)
    return machine === undefined ? [] : [{ machine, line: Math.max(...group.sections.map(firstLineOf)) }]
  })
  const machines = [...written, ...built]
  tooMany(machines.length, { notes: book.forSection(0), line: 1, what: 'machines', limit: limits.machines })
  refuseTwice(machines, book)
  return machines.map(({ machine }) => machine)
}

const firstLineOf = ({ section }: ReadSection): number => section.firstLine

interface NamedGroup extends HostGroup {
  readonly name: string
  /** By the paste or by whoever asked; else it only has a number. */
  readonly isNamed: boolean
}

function nameGroups(groups: readonly HostGroup[], hostName: string | undefined): readonly NamedGroup[] {
  const taken = new Set(groups.map((group) => group.hostName))
  let unnamed = 0
  return groups.map((group) => {
    if (group.hostName !== undefined) return { ...group, name: group.hostName, isNamed: true }
    unnamed += 1
    if (hostName !== undefined && unnamed === 1) return { ...group, name: hostName, isNamed: true }
    while (taken.has(numbered(hostName, unnamed))) unnamed += 1
    return { ...group, name: numbered(hostName, unnamed), isNamed: false }
  })
}

const numbered = (hostName: string | undefined, number: number): string => `${hostName ?? 'machine'}-${number}`

/** Two machines of one name, or one card in two machines: saving both would make one of them wrong. */
function refuseTwice(machines: readonly Placed[], book: NotesBook): void {
  const names = new Set<string>()
  const owners = new Map<string, string>()
  for (const { machine, line } of machines) {
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

function refuseNothing(lines: readonly string[], book: NotesBook): void {
  const failure = book.warnings.find((warning) => warning.code === 'tool-failed')
  if (failure !== undefined) {
    book.forSection(failure.section).refuse('tool-failed', { line: failure.line, detail: failure.detail })
    return
  }
  const skipped = book.warnings.find((warning) => warning.code === 'text-skipped')
  if (skipped !== undefined) {
    book.forSection(skipped.section).refuse('unrecognised', { line: skipped.line, detail: skipped.detail })
    return
  }
  const ignored = book.warnings.find((warning) => warning.code === 'section-ignored')
  if (ignored !== undefined) {
    const { line, detail, section, format } = ignored
    book.forSection(section, format).refuse('no-devices', { line, detail })
    return
  }
  const notes = book.forSection(1)
  const first = lines.findIndex((line) => line.trim() !== '')
  if (first === -1) notes.refuse('empty', { line: 1, detail: '' })
  else notes.refuse('unrecognised', { line: first + 1, detail: lines[first]! })
}
