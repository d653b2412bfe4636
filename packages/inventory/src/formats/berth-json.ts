import type { Machine, Standing } from '@berth/core'

import type { FieldIssue } from '../json/check.ts'
import { isRecord, object, oneOf, required } from '../json/check.ts'
import { machineFields, standingFields } from '../json/machine-fields.ts'
import type { JsonPath } from '../json/path-line.ts'
import { lineOfPath, writePath } from '../json/path-line.ts'
import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import type { JsonFormat, Section, SectionReading, ToldOfMachine } from './format.ts'
import { defined, nothingRead } from './format.ts'

/** The version of the machine form below; a field may be added within one, never renamed or removed. */
export const machineJsonVersion = 1

/** A machine, with what people say of it where that is known. */
export type ExportedMachine = Machine & Standing

export type MachineJson = ExportedMachine & { readonly berth: 'machine'; readonly version: typeof machineJsonVersion }

/** A machine as Berth writes it down: its own fields, marked so that `readInventory` knows them again. */
export const machineToJson = (machine: ExportedMachine): MachineJson => ({
  berth: 'machine',
  version: machineJsonVersion,
  ...machine,
})

/** One machine as one object, several as a list; `readInventory` reads either back to the same machines. */
export const writeMachines = (machines: readonly ExportedMachine[]): string =>
  `${JSON.stringify(machines.length === 1 ? machineToJson(machines[0]!) : machines.map(machineToJson), null, 2)}\n`

const isMarked = (value: unknown): boolean => isRecord(value) && Object.hasOwn(value, 'berth')

const checkMachine = object({
  berth: required(oneOf(['machine'])),
  version: required(oneOf([machineJsonVersion])),
  ...machineFields,
  ...standingFields,
})

/** What is wrong with a machine that someone else wrote down: fields first, then what no field can say alone. */
export function machineIssues(entry: unknown, path: JsonPath): readonly FieldIssue[] {
  const issues: FieldIssue[] = []
  checkMachine(entry, path, (issue) => issues.push(issue))
  return issues.length > 0 ? issues : checkReferences(entry as Machine, path)
}

export const berthJson: JsonFormat = {
  id: 'berth-json',
  rank: 0,
  kind: 'json',
  accepts: (value) => (Array.isArray(value) ? value.length > 0 && value.every(isMarked) : isMarked(value)),
  readJson: (value, section, notes) => {
    const entries: readonly unknown[] = Array.isArray(value) ? value : [value]
    if (tooMany(entries.length, { notes, line: section.firstLine, what: 'machines', limit: limits.machines }))
      return nothingRead
    const read = entries.flatMap(
      (entry, place) => readMachine(entry, { path: Array.isArray(value) ? [place] : [], section, notes }) ?? [],
    )
    return {
      devices: [],
      machines: read.map(({ machine }) => machine),
      told: new Map(read.map(({ machine, told }) => [machine.name, told])),
    } satisfies SectionReading
  },
}

interface Place {
  readonly path: JsonPath
  readonly section: Section
  readonly notes: Notes
}

function readMachine(entry: unknown, place: Place): SaidMachine | undefined {
  const version = isRecord(entry) ? entry['version'] : undefined
  if (typeof version === 'number' && version !== machineJsonVersion) {
    refuse('version-unsupported', { path: [...place.path, 'version'], detail: `version ${version}` }, place)
    return undefined
  }
  const [first] = machineIssues(entry, place.path)
  if (first !== undefined) {
    refuse(first.code, first, place)
    return undefined
  }
  const { berth: _berth, version: _version, ...machine } = entry as MachineJson
  return apart(machine)
}

export interface SaidMachine {
  readonly machine: Machine
  readonly told: ToldOfMachine
}

/** What tools print and what people say, each by itself. */
export function apart({ site, owner, labels, ...machine }: ExportedMachine): SaidMachine {
  const values = Object.entries(labels ?? {}).map(([name, value]) => [name, value.trim()] as const)
  const standing = { site: site?.trim(), owner: owner?.trim(), labels: labels && Object.fromEntries(values) }
  return { machine, told: defined(standing) }
}

function refuse(
  code: FieldIssue['code'] | 'version-unsupported',
  issue: Pick<FieldIssue, 'path' | 'limit' | 'detail'>,
  place: Place,
): void {
  const path = code === 'field-missing' ? issue.path.slice(0, -1) : issue.path
  place.notes.refuse(code, {
    line: place.section.firstLine + lineOfPath(place.section.lines, path),
    field: writePath(issue.path),
    ...(issue.limit === undefined ? {} : { limit: issue.limit }),
    detail: issue.detail,
  })
}

/** What no field can say alone: ids and names are unique, indices count from 0, links join devices of this machine. */
function checkReferences(machine: Machine, path: JsonPath): readonly FieldIssue[] {
  const ids = new Set<string>()
  const issues: FieldIssue[] = []
  const invalid = (at: JsonPath, detail: string) =>
    issues.push({ code: 'value-invalid', path: [...path, ...at], detail })
  machine.devices.forEach((device, place) => {
    if (ids.has(device.id)) invalid(['devices', place, 'id'], `${device.id} is the id of another device too`)
    if (device.index !== place) invalid(['devices', place, 'index'], `${device.index} is not ${place}`)
    ids.add(device.id)
  })
  machine.links.forEach((link, place) => {
    if (!ids.has(link.from)) invalid(['links', place, 'from'], `${link.from} is no device of this machine`)
    if (!ids.has(link.to)) invalid(['links', place, 'to'], `${link.to} is no device of this machine`)
  })
  const names = new Set<string>()
  machine.networkInterfaces?.forEach(({ name }, place) => {
    if (names.has(name)) invalid(['networkInterfaces', place, 'name'], `${name} is the name of another one too`)
    names.add(name)
  })
  return issues
}
