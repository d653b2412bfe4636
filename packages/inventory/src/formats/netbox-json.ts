import type { Backend } from '@berth/core'

import { isRecord, textOf } from '../json/check.ts'
import { writePath } from '../json/path-line.ts'
import type { JsonFields, JsonPlace } from '../json/read-field.ts'
import { fieldsOf, lineOf, readFields } from '../json/read-field.ts'
import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { parseHostName, parseMemory, parseName } from '../text/figures.ts'
import { backendOfName } from '../text/gpu-name.ts'
import type { DeviceReading, JsonFormat, SectionReading } from './format.ts'
import { defined, nothingRead } from './format.ts'

const isModule = (value: unknown): value is JsonFields =>
  isRecord(value) && isRecord(value['device']) && isRecord(value['module_type'])
/** A host as NetBox knows it: cards are its modules, so that this list alone says nothing of them. */
const isDevice = (value: unknown): value is JsonFields =>
  isRecord(value) && isRecord(value['device_type']) && Object.hasOwn(value, 'name')

/** One page of the API, or its entries alone. */
function entriesOf(value: unknown): readonly JsonFields[] | undefined {
  const list = isRecord(value) ? value['results'] : value
  if (!Array.isArray(list) || list.length === 0) return undefined
  return list.every(isModule) || list.every(isDevice) ? list : undefined
}

/** `/api/dcim/modules/` of NetBox: a card is a module, its model the module's type, its memory an attribute in GB. */
export const netboxJson: JsonFormat = {
  id: 'netbox-json',
  rank: 10,
  kind: 'json',
  accepts: (value) => entriesOf(value) !== undefined,
  readJson: (value, section, notes) => {
    const entries = entriesOf(value) ?? []
    if (!entries.some(isModule)) {
      notes.warn('section-ignored', { line: section.firstLine, detail: 'devices of NetBox without their modules' })
      return nothingRead
    }
    if (tooMany(entries.length, { notes, line: section.firstLine, what: 'modules', limit: limits.modules }))
      return nothingRead
    const modules = entries.map((entry, place) => {
      const path = Array.isArray(value) ? [place] : ['results', place]
      return readModule(entry, { path, section, notes })
    })
    return modulesByHost(modules, section.firstLine, notes)
  },
}

export interface NetboxModule {
  readonly line: number
  readonly hostName: string
  readonly status: string
  readonly device: DeviceReading | undefined
}

function readModule(entry: JsonFields, place: JsonPlace): NetboxModule | undefined {
  const at = (...path: readonly string[]): JsonPlace => ({ ...place, path: [...place.path, ...path] })
  const { want } = readFields(fieldsOf(entry['device']), at('device'))
  const hostName = want('name', parseHostName) ?? want('display', parseHostName)
  const line = lineOf(place)
  if (hostName === undefined) {
    place.notes.refuse('field-missing', { line, field: writePath([...place.path, 'device', 'name']), detail: 'name' })
    return undefined
  }
  const status = entry['status']
  const text = textOf(isRecord(status) ? status['value'] : (status ?? 'active'))
  return { line, hostName, status: text, device: readCard(entry, line, at('module_type')) }
}

function readCard(entry: JsonFields, line: number, place: JsonPlace): DeviceReading | undefined {
  const type = fieldsOf(entry['module_type'])
  const { want } = readFields(type, place)
  const attributes = readFields(fieldsOf(type['attributes']), { ...place, path: [...place.path, 'attributes'] })
  const maker = readFields(fieldsOf(type['manufacturer']), { ...place, path: [...place.path, 'manufacturer'] })
  const model = want('model', parseName)
  const isGpu = readFields(fieldsOf(type['profile']), place).want('name', parseName)?.toLowerCase() === 'gpu'
  const name = [maker.want('name', parseName), model].filter((part) => part !== undefined).join(' ')
  const backend: Backend | undefined = backendOfName(name) ?? (isGpu ? 'cuda' : undefined)
  if (backend === undefined || model === undefined) return undefined
  return defined({
    line,
    backend,
    name: model,
    nominal: attributes.need('memory', (text) => parseMemory(text, 'GB')),
  })
}

/** Cards of each host. A module that is not in service is told, and left out. */
export function modulesByHost(
  modules: readonly (NetboxModule | undefined)[],
  line: number,
  notes: Notes,
): SectionReading {
  const hosts = new Map<string, DeviceReading[]>()
  for (const module of modules) {
    if (module?.device === undefined) continue
    if (module.status.toLowerCase() === 'active') {
      const cards = hosts.get(module.hostName)
      if (cards === undefined) hosts.set(module.hostName, [module.device])
      else cards.push(module.device)
    } else {
      const detail = `${module.device.name ?? ''} of ${module.hostName}, ${module.status}`
      notes.warn('card-not-in-service', { line: module.line, detail })
    }
  }
  const most = Math.max(0, ...[...hosts.values()].map((cards) => cards.length))
  if (hosts.size > limits.machines || most > limits.devicesPerMachine) {
    const limit = hosts.size > limits.machines ? limits.machines : limits.devicesPerMachine
    notes.refuse('limit-exceeded', { line, limit, detail: `${hosts.size} hosts, ${most} cards in one` })
    return nothingRead
  }
  if (hosts.size === 0) {
    notes.warn('section-ignored', { line, detail: 'modules of NetBox, none of them a GPU in service' })
    return nothingRead
  }
  return { ...nothingRead, hosts: [...hosts].map(([hostName, devices]) => ({ hostName, reading: { devices } })) }
}
