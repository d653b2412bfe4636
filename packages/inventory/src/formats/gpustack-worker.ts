import type { Backend } from '@berth/core'

import { isRecord, textOf } from '../json/check.ts'
import type { JsonPath } from '../json/path-line.ts'
import { writePath } from '../json/path-line.ts'
import type { JsonFields, JsonPlace } from '../json/read-field.ts'
import { fieldsOf, lineOf, readFields } from '../json/read-field.ts'
import { limits } from '../limits.ts'
import { tooMany } from '../notes.ts'
import { parseBytes, parseHostName, parseName, parseNumber, parseUuid } from '../text/figures.ts'
import type { DeviceReading, JsonFormat, SectionReading } from './format.ts'
import { defined, nothingRead } from './format.ts'

const isWorker = (value: unknown): value is JsonFields =>
  isRecord(value) && Object.hasOwn(value, 'name') && Array.isArray(fieldsOf(value['status'])['gpu_devices'])

const workersOf = (value: unknown): readonly unknown[] | undefined => {
  const list = isRecord(value) && Array.isArray(value['items']) ? value['items'] : value
  if (isWorker(value)) return [value]
  return Array.isArray(list) && list.length > 0 && list.every(isWorker) ? list : undefined
}

/** A worker of GPUStack, or the list its API gives. Its sizes are in bytes, and rounded on some cards. */
export const gpustackWorker: JsonFormat = {
  id: 'gpustack-worker',
  rank: 7,
  kind: 'json',
  accepts: (value) => workersOf(value) !== undefined,
  readJson: (value, section, notes) => {
    const workers = workersOf(value) ?? []
    if (tooMany(workers.length, { notes, line: section.firstLine, what: 'workers', limit: limits.machines }))
      return nothingRead
    const pathOf = (place: number): JsonPath =>
      isWorker(value) ? [] : Array.isArray(value) ? [place] : ['items', place]
    return {
      ...nothingRead,
      hosts: workers.map((worker, place) => readWorker(worker as JsonFields, { path: pathOf(place), section, notes })),
    }
  },
}

function readWorker(worker: JsonFields, place: JsonPlace): NonNullable<SectionReading['hosts']>[number] {
  const status = fieldsOf(worker['status'])
  const at = (...path: readonly (string | number)[]): JsonPlace => ({ ...place, path: [...place.path, ...path] })
  const list = status['gpu_devices'] as readonly unknown[]
  if (tooMany(list.length, { notes: place.notes, line: lineOf(place), what: 'devices' }))
    return { hostName: '', reading: nothingRead }
  const memory = readFields(fieldsOf(status['memory']), at('status', 'memory'))
  const cpu = readFields(fieldsOf(status['cpu']), at('status', 'cpu'))
  const hostName =
    readFields(worker, place).need('name', parseHostName) ?? readFields(worker, place).need('hostname', parseHostName)
  if (hostName === undefined) {
    place.notes.refuse('field-missing', {
      line: lineOf(place),
      field: writePath([...place.path, 'name']),
      detail: 'name',
    })
  }
  const devices = list
    .map((device, index) => readDevice(fieldsOf(device), at('status', 'gpu_devices', index)))
    .filter((device) => device !== undefined)
  const host = defined({
    memoryTotal: memory.need('total', parseBytes),
    memoryUsed: memory.need('used', parseBytes),
    cpuCores: cpu.want('total', parseNumber),
  })
  const reading = { devices: withoutTwins(devices, place), host, saysNoDevices: true }
  return { hostName: place.section.hostName ?? hostName ?? '', reading }
}

const backends: Readonly<Record<string, Backend>> = { cuda: 'cuda', rocm: 'rocm', mps: 'metal' }

/** GPUStack drives accelerators that no engine of Berth's does. */
function readDevice(device: JsonFields, place: JsonPlace): DeviceReading | undefined {
  const { need, want } = readFields(device, place)
  const memory = readFields(fieldsOf(device['memory']), { ...place, path: [...place.path, 'memory'] })
  const type = textOf(device['type'])
  const backend = Object.hasOwn(backends, type) ? backends[type] : undefined
  if (backend === undefined) {
    place.notes.warn('backend-ignored', { line: lineOf(place), field: 'type', detail: type })
    return undefined
  }
  return defined({
    line: lineOf(place),
    backend,
    name: need('name', parseName),
    // AMD's cards have their PCI id in its place.
    uuid: want('uuid', (text) => (text.startsWith('GPU-') ? parseUuid(text) : undefined)),
    architecture: want('compute_capability', parseName),
    reported: memory.need('total', parseBytes),
    used: memory.need('used', parseBytes),
    unified: fieldsOf(device['memory'])['is_unified_memory'] === true,
  })
}

/** A UUID of two devices identifies neither. */
function withoutTwins(devices: readonly DeviceReading[], { notes }: JsonPlace): readonly DeviceReading[] {
  const uuids = devices.map((device) => device.uuid)
  return devices.map((device) => {
    const { uuid, ...rest } = device
    if (uuid === undefined || uuids.indexOf(uuid) === uuids.lastIndexOf(uuid)) return device
    notes.warn('duplicate-uuid', { line: device.line, detail: uuid })
    return rest
  })
}
