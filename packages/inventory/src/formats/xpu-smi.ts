import type { Bytes } from '@berth/core'
import { bytes } from '@berth/core'

import { isRecord, textOf } from '../json/check.ts'
import type { JsonPath } from '../json/path-line.ts'
import type { JsonFields, JsonPlace } from '../json/read-field.ts'
import { lineOf, readFields } from '../json/read-field.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import {
  parseBytes,
  parseMebibytes,
  parseName,
  parseNumber,
  parsePciBusId,
  parseSwitch,
  saysUnknown,
} from '../text/figures.ts'
import { isIntelOnDie } from '../text/gpu-name.ts'
import type { CardObservation, DeviceReading, JsonFormat, Section } from './format.ts'
import { defined, nothingRead } from './format.ts'

const isDevice = (value: unknown): value is JsonFields =>
  isRecord(value) && Object.hasOwn(value, 'device_id') && Object.hasOwn(value, 'device_name')

/** All devices in short, one device at length (`-d`), or several of those as a list. */
function deviceList(value: unknown): readonly JsonFields[] | undefined {
  if (isDevice(value)) return [value]
  const list = isRecord(value) ? value['device_list'] : value
  return Array.isArray(list) && list.length > 0 && list.every(isDevice) ? list : undefined
}

/** `xpu-smi discovery -j`: the short list has no memory, `-d N -j` has. */
export const xpuSmiJson: JsonFormat = {
  id: 'xpu-smi-json',
  rank: 2,
  kind: 'json',
  accepts: (value) => deviceList(value) !== undefined,
  readJson: (value, section, notes) => {
    const devices = deviceList(value) ?? []
    if (tooMany(devices.length, { notes, line: section.firstLine, what: 'devices' })) return nothingRead
    const pathOf = (place: number): JsonPath =>
      Array.isArray(value) ? [place] : isDevice(value) ? [] : ['device_list', place]
    // A virtual function is a share of a card that is listed too.
    const physical = devices.filter((device) => device['device_function_type'] !== 'virtual')
    const driver = physical.map((device) => device['driver_version']).find((text) => typeof text === 'string')
    return {
      devices: physical.map((device) => readDevice(device, { path: pathOf(devices.indexOf(device)), section, notes })),
      oneOfSeveral: isDevice(value),
      host: defined({ driverVersion: saysUnknown(driver ?? '') ? undefined : driver?.slice(0, 64) }),
    }
  },
}

function readDevice(device: JsonFields, place: JsonPlace): DeviceReading {
  const { need, want } = readFields(device, place)
  const reported = need('memory_physical_size_byte', parseBytes)
  const pcie = defined({
    generationMax: want('pcie_generation', parseNumber),
    widthMax: want('pcie_max_link_width', parseNumber),
  })
  // Its UUID is made of PCI ids and the bus id, and so is that of the same card in the same slot of another host.
  const [name, pciBusId] = [want('device_name', parseName), want('pci_bdf_address', parsePciBusId)]
  return defined({
    line: lineOf(place),
    backend: 'sycl' as const,
    name,
    smiIndex: want('device_id', parseNumber),
    pciBusId,
    unified: isIntelOnDie(name, pciBusId),
    eccEnabled: want('memory_ecc_state', parseSwitch),
    // Level Zero reports 0 where it may not look.
    reported: reported === 0 ? undefined : reported,
    used: usedOf(reported, need('memory_free_size_byte', parseBytes)),
    pcie: Object.keys(pcie).length === 0 ? undefined : pcie,
  })
}

/** Drivers that do not count say that all of it is free, or none. */
export const usedOf = (reported: Bytes | undefined, free: Bytes | undefined): Bytes | undefined =>
  reported === undefined || free === undefined || free === 0 || free > reported ? undefined : bytes(reported - free)

const isStats = (value: unknown): value is JsonFields =>
  isRecord(value) && Object.hasOwn(value, 'device_id') && Array.isArray(value['device_level'])

function statsList(value: unknown): readonly JsonFields[] | undefined {
  if (isStats(value)) return [value]
  const list = isRecord(value) ? (value['datas'] ?? value['device_list']) : value
  return Array.isArray(list) && list.length > 0 && list.every(isStats) ? list : undefined
}

/** `xpu-smi stats -d N -j`: what is used of a device now, in MiB. It names no card but by its number. */
export const xpuSmiStats: JsonFormat = {
  id: 'xpu-smi-stats',
  rank: 90,
  kind: 'json',
  accepts: (value) => statsList(value) !== undefined,
  readJson: (value, section, notes) => {
    const stats = statsList(value) ?? []
    if (tooMany(stats.length, { notes, line: section.firstLine, what: 'devices' })) return nothingRead
    const cards = stats.map((entry) => readStats(entry, section, notes)).filter((card) => card !== undefined)
    if (cards.length === 0) notes.warn('section-ignored', { line: section.firstLine, detail: section.lines[0]! })
    return { ...nothingRead, observations: cards.length === 0 ? [] : [{ line: section.firstLine, cards }] }
  },
}

function readStats(entry: JsonFields, section: Section, notes: Notes): CardObservation | undefined {
  const metrics = entry['device_level'] as readonly unknown[]
  const memory = metrics.find((metric) => isRecord(metric) && metric['metrics_type'] === 'XPUM_STATS_MEMORY_USED')
  const place = { line: section.firstLine, field: 'XPUM_STATS_MEMORY_USED' }
  const text = isRecord(memory) ? textOf(memory['value']) : ''
  const used = parseMebibytes(text)
  if (used === 'invalid') notes.refuse('value-invalid', { ...place, detail: text })
  const index = Number(entry['device_id'])
  if (used === undefined || used === 'invalid' || !Number.isSafeInteger(index)) return undefined
  return { line: section.firstLine, backend: 'sycl', index, used }
}
