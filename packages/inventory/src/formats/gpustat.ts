import { isRecord, textOf } from '../json/check.ts'
import type { JsonFields, JsonPlace } from '../json/read-field.ts'
import { lineOf, readFields } from '../json/read-field.ts'
import { limits } from '../limits.ts'
import { tooMany } from '../notes.ts'
import { accepted, parseMebibytes, parseName, parseNumber, parseUuid, saysUnknown } from '../text/figures.ts'
import { endWhile } from '../text/lines.ts'
import type { DeviceReading, JsonFormat, Section, SectionReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'

const isGpu = (value: unknown): value is JsonFields =>
  isRecord(value) && Object.hasOwn(value, 'index') && Object.hasOwn(value, 'memory.total')

/** `gpustat --json`: it names its host; memory is in MiB. */
export const gpustatJson: JsonFormat = {
  id: 'gpustat-json',
  rank: 3,
  kind: 'json',
  accepts: (value) =>
    isRecord(value) && Array.isArray(value['gpus']) && Object.hasOwn(value, 'hostname') && value['gpus'].every(isGpu),
  readJson: (value, section, notes) => {
    const { gpus, hostname, driver_version: driver } = value as JsonFields & { readonly gpus: readonly JsonFields[] }
    if (tooMany(gpus.length, { notes, line: section.firstLine, what: 'GPUs' })) return nothingRead
    const devices = gpus.map((gpu, place) => readGpu(gpu, { path: ['gpus', place], section, notes }))
    const driverVersion = typeof driver === 'string' && !saysUnknown(driver) ? driver.slice(0, 64) : undefined
    return named(section, textOf(hostname), { devices, host: defined({ driverVersion }), saysNoDevices: true })
  },
}

/** A heading in the paste is believed before the name that the tool prints. */
function named(section: Section, hostName: string, reading: SectionReading): SectionReading {
  if (saysUnknown(hostName) || hostName.length > limits.hostNameCharacters) return reading
  return { ...nothingRead, hosts: [{ hostName: section.hostName ?? hostName, reading }] }
}

function readGpu(gpu: JsonFields, place: JsonPlace): DeviceReading {
  const { need, want } = readFields(gpu, place)
  return defined({
    line: lineOf(place),
    backend: 'cuda' as const,
    name: want('name', parseName),
    uuid: want('uuid', parseUuid),
    smiIndex: want('index', parseNumber),
    reported: need('memory.total', parseMebibytes),
    used: need('memory.used', parseMebibytes),
    powerLimitWatts: want('enforced.power.limit', parseNumber),
  })
}

const host = '[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?'
/** Host, date, and the driver where it is known. */
const title = new RegExp(
  `^(${host})\\s{2,}\\w{3}\\s+\\w{3}\\s+\\d{1,2}\\s+[\\d:]{8}\\s+\\d{4}(?:\\s+([\\d.]{3,32}))?\\s*$`,
)
/** `[0] NVIDIA GeForce RTX 3090 | 41'C,   0 % |   412 / 24576 MB | …` */
const row = /^\[(\d{1,4})\]\s+([^|]{1,256}?)\s*\|[^|]{0,120}\|\s*(\d{1,9})\s*\/\s*(\d{1,9})\s*MB\b/
const lineCharacters = 4096
const readRow = (line: string) => (line.length <= lineCharacters ? row.exec(line) : null)
const readTitle = (line: string) => (line.length <= lineCharacters ? title.exec(line) : null)

/** `gpustat` as it is read on a screen: whole names, and memory in MiB that it calls MB. */
export const gpustatText: TextFormat = {
  id: 'gpustat-text',
  rank: 4,
  kind: 'text',
  starts: (lines, at) =>
    readRow(lines[at]!) !== null || (readTitle(lines[at]!) !== null && readRow(lines[at + 1] ?? '') !== null),
  end: (lines, at) => endWhile(lines, at, (line) => readRow(line) !== null),
  read: (section, notes) => {
    const [, hostName, driver] = readTitle(section.lines[0]!) ?? []
    const rows = section.lines.flatMap((text, place) => {
      const match = readRow(text)
      return match === null ? [] : [{ match, line: section.firstLine + place }]
    })
    if (tooMany(rows.length, { notes, line: section.firstLine, what: 'GPUs' })) return nothingRead
    const devices = rows.map(({ match, line }): DeviceReading => {
      const [used, reported] = [match[3]!, match[4]!].map((text) => {
        const place = { line, field: 'memory', detail: text }
        return accepted(parseMebibytes(text), () => notes.refuse('value-invalid', place))
      })
      return defined({ line, backend: 'cuda' as const, name: match[2]!, smiIndex: Number(match[1]), reported, used })
    })
    return named(section, hostName ?? '', { devices, host: defined({ driverVersion: driver }) })
  },
}
