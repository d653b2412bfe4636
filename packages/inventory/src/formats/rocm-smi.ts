import { isRecord } from '../json/check.ts'
import { lineOfPath } from '../json/path-line.ts'
import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import type { Figure } from '../text/figures.ts'
import { comparePci, parseMemory, parseNumber, parsePciBusId, saysUnknown } from '../text/figures.ts'
import { generationOf, parseTarget, parseUniqueId, sharesHostMemory } from './amd-figures.ts'
import type { DeviceReading, JsonFormat, Section, SectionReading } from './format.ts'
import { defined, nothingRead } from './format.ts'

const isCardKey = (key: string): boolean => /^card\d{1,3}$/.test(key)

/** `rocm-smi -a --json` or a part of it. Names of fields changed with the release, in case and in words. */
export const rocmSmi: JsonFormat = {
  id: 'rocm-smi-json',
  rank: 2,
  kind: 'json',
  accepts: (value) => isRecord(value) && Object.keys(value).some(isCardKey),
  readJson: (value, section, notes) => {
    const cards = Object.entries(value as Readonly<Record<string, unknown>>).filter(([key]) => isCardKey(key))
    if (cards.length > limits.devicesPerMachine) {
      const detail = `${cards.length} cards`
      notes.refuse('limit-exceeded', { line: section.firstLine, limit: limits.devicesPerMachine, detail })
      return nothingRead
    }
    const devices = cards
      .map(([key, card]) => readCard(key, card, { section, notes }))
      .filter((card) => card !== undefined)
    const system = (value as Readonly<Record<string, unknown>>)['system']
    const driver = isRecord(system) ? lookUp(system, ['driver version']) : undefined
    return { devices: inBusOrder(devices), host: defined({ driverVersion: driver?.text.slice(0, 64) }) }
  },
}

/** Cards are numbered by the kernel; HIP counts by bus. */
const inBusOrder = (devices: readonly DeviceReading[]): SectionReading['devices'] =>
  devices.every((device) => device.pciBusId !== undefined)
    ? devices.toSorted((a, b) => comparePci(a.pciBusId!, b.pciBusId!))
    : devices

interface Found {
  readonly key: string
  readonly text: string
}

/** The first of the names, in any case, that has a value and not an excuse. */
function lookUp(card: Readonly<Record<string, unknown>>, names: readonly string[]): Found | undefined {
  for (const name of names) {
    const key = Object.keys(card).find((candidate) => candidate.trim().toLowerCase() === name)
    const text = key === undefined ? '' : String(card[key]).trim()
    if (key !== undefined && text.length <= limits.nameCharacters && !saysUnknown(text)) return { key, text }
  }
  return undefined
}

interface Place {
  readonly section: Section
  readonly notes: Notes
}

function readCard(key: string, card: unknown, { section, notes }: Place): DeviceReading | undefined {
  const lineOf = (path: readonly string[]) => section.firstLine + lineOfPath(section.lines, path)
  if (!isRecord(card)) {
    notes.refuse('malformed', { line: lineOf([key]), field: key, detail: `${key} is no record` })
    return undefined
  }
  const read = <Value>(
    names: readonly string[],
    parse: (text: string) => Figure<Value>,
    major = false,
  ): Value | undefined => {
    const found = lookUp(card, names)
    const figure = found === undefined ? undefined : parse(found.text)
    if (figure !== 'invalid') return figure
    const place = { line: lineOf([key, found!.key]), field: `${key}.${found!.key}`, detail: found!.text }
    if (major) notes.refuse('value-invalid', place)
    else notes.warn('value-ignored', place)
    return undefined
  }
  const architecture = read(['gfx version', 'gfx'], parseTarget)
  const inBytes = (text: string) => parseMemory(text, 'B')
  return defined({
    line: lineOf([key]),
    backend: 'rocm' as const,
    name: nameOf(card),
    uuid: read(['unique id'], parseUniqueId),
    pciBusId: read(['pci bus'], parsePciBusId),
    architecture,
    reported: read(['vram total memory (b)'], inBytes, true),
    used: read(['vram total used memory (b)'], inBytes, true),
    powerLimitWatts: read(['max graphics package power (w)'], parseNumber),
    pcie: slotOf(lookUp(card, ['pcie clock level', 'pcie clock level:'])?.text),
    unified: sharesHostMemory(architecture),
  })
}

/** Marketing names where there are some; a model is a bare PCI id in most releases. */
function nameOf(card: Readonly<Record<string, unknown>>): string | undefined {
  const names = ['market name', 'card series', 'device name', 'card model'].map((name) => lookUp(card, [name])?.text)
  return names.find((name) => name !== undefined && !/^0x[0-9a-f]+$/i.test(name))
}

/** "1 (16.0GT/s x16)": what the slot runs at now. */
function slotOf(text: string | undefined): DeviceReading['pcie'] {
  const match = /(\d{1,2}(?:\.\d)?)\s*GT\/s x(\d{1,2})/.exec(text ?? '')
  return match === null ? undefined : defined({ generation: generationOf(Number(match[1])), width: Number(match[2]) })
}
