import type { Bytes, Machine } from '@berth/core'
import { machineId } from '@berth/core'

import type { HostReading } from '../formats/format.ts'
import { defined } from '../formats/format.ts'
import { limits } from '../limits.ts'
import type { NotesBook } from '../notes.ts'
import { byTrust, joinCards } from './cards.ts'
import { buildDevices } from './devices.ts'
import type { HostGroup } from './group.ts'
import { buildLinks } from './links.ts'
import { buildNetwork } from './network.ts'

/** One host's sections as one machine; undefined when none of them says anything about a machine. */
export function buildMachine(group: HostGroup, name: string, book: NotesBook): Machine | undefined {
  const first = group.sections[0]!
  const notes = book.forSection(0)
  const cards = joinCards(group.sections, book)
  if (book.issues.length > 0) return undefined
  const facts = hostFacts(group)
  const built = buildDevices(cards, { machineName: name, notes, metalLimit: facts.metalLimit })
  const devices = built.map(({ device }) => device)
  const line = first.section.firstLine
  if (devices.length > limits.devicesPerMachine) {
    const detail = `${name}: ${devices.length} devices`
    notes.refuse('limit-exceeded', { line, limit: limits.devicesPerMachine, detail })
    return undefined
  }
  if (devices.length === 0 && !answersWithoutDevices(group, line, book)) return undefined
  const twin = devices.find((device, place) => devices.findIndex((other) => other.id === device.id) !== place)
  if (twin !== undefined) notes.refuse('duplicate-device', { line, detail: twin.id })
  return defined({
    id: machineId(name),
    name,
    ...facts.machine,
    devices,
    links: buildLinks(group.sections, built, book),
    networkInterfaces: buildNetwork(group.sections, book),
  })
}

/** No GPU is an answer when a tool said so or when it is the host's memory that was read; else something is missing. */
function answersWithoutDevices(group: HostGroup, line: number, book: NotesBook): boolean {
  const first = group.sections[0]!
  const notes = book.forSection(first.section.index, first.format.id)
  const readings = group.sections.map(({ reading }) => reading)
  const hasFacts = readings.some(({ host }) => host?.memoryTotal !== undefined || host?.cpuName !== undefined)
  const detail = group.sections.map(({ format }) => format.id).join(', ')
  if (hasFacts || readings.some(({ saysNoDevices }) => saysNoDevices === true)) {
    notes.warn('no-devices', { line, detail })
    return true
  }
  if (group.sections.some(({ format }) => format.id !== 'nvidia-smi-csv-other'))
    notes.refuse('no-devices', { line, detail })
  return false
}

interface HostFacts {
  readonly machine: Omit<Machine, 'id' | 'name' | 'devices' | 'links'>
  readonly metalLimit: Bytes | undefined
}

function hostFacts(group: HostGroup): HostFacts {
  const facts = byTrust(group.sections).map(({ reading }) => reading.host)
  const first = <Field extends keyof HostReading>(field: Field) =>
    facts.find((host) => host?.[field] !== undefined)?.[field]
  const machine = defined({
    os: first('os'),
    hostMemoryTotal: first('memoryTotal'),
    hostMemoryUsed: first('memoryUsed'),
    cpuName: first('cpuName'),
    cpuCores: first('cpuCores'),
    driverVersion: first('driverVersion'),
  })
  return { machine, metalLimit: first('metalLimit') }
}
