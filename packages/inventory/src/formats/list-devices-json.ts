import type { Bytes } from '@berth/core'
import { bytes } from '@berth/core'

import { isRecord, textOf } from '../json/check.ts'
import type { JsonFields, JsonPlace } from '../json/read-field.ts'
import { fieldsOf, lineOf, readFields } from '../json/read-field.ts'
import { tooMany } from '../notes.ts'
import { parseBytes, parseName, parsePciBusId } from '../text/figures.ts'
import type { DeviceReading, JsonFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { backendOf, onePerCard } from './list-devices.ts'

const isDevice = (value: unknown): value is JsonFields =>
  isRecord(value) && Object.hasOwn(value, 'backend') && Object.hasOwn(value, 'memory_total')

/** The device list of ggml as JSON, as it was proposed for --list-devices (llama.cpp#23676) and tools over ggml print it. */
export const listDevicesJson: JsonFormat = {
  id: 'list-devices-json',
  rank: 5,
  kind: 'json',
  accepts: (value) =>
    isRecord(value) &&
    Array.isArray(value['devices']) &&
    value['devices'].length > 0 &&
    value['devices'].every(isDevice),
  readJson: (value, section, notes) => {
    const { devices } = value as { readonly devices: readonly JsonFields[] }
    if (tooMany(devices.length, { notes, line: section.firstLine, what: 'devices' })) return nothingRead
    const read = devices
      .map((device, at) => readDevice(device, { path: ['devices', at], section, notes }))
      .filter((device) => device !== undefined)
    return { devices: onePerCard(read, notes), saysNoDevices: true }
  },
}

function readDevice(device: JsonFields, place: JsonPlace): DeviceReading | undefined {
  const line = lineOf(place)
  const { need, want } = readFields(device, place)
  const called = textOf(device['name'] ?? device['backend'])
  const backend = backendOf(called.replace(/[\d[].*$/, ''), {
    line,
    field: called,
    detail: textOf(device),
    notes: place.notes,
  })
  if (backend === undefined) return undefined
  const [runtime, free] = [need('memory_total', parseBytes), need('memory_free', parseBytes)]
  const attributes = readFields(fieldsOf(device['attributes']), { ...place, path: [...place.path, 'attributes'] })
  return defined({
    line,
    backend,
    name: want('description', parseName),
    pciBusId: backend === 'rpc' ? undefined : want('device_id', parsePciBusId),
    runtime,
    used: usedOf(runtime, free),
    unified: device['type'] === 'IGPU' || (backend === 'metal' && textOf(device['description']).startsWith('Apple')),
    architecture: attributes.want('compute_capability', parseName),
  })
}

const usedOf = (total: Bytes | undefined, free: Bytes | undefined): Bytes | undefined =>
  total === undefined || free === undefined || free > total ? undefined : bytes(total - free)
