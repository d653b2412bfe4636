import { readerOf } from '../field-reader.ts'
import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { parseBytes, parseNumber, parsePciBusId, saysUnknown } from '../text/figures.ts'
import { amdMemory, amdName, parseSlot, parseTarget, parseUniqueId } from './amd-figures.ts'
import type { DeviceReading } from './format.ts'
import { defined } from './format.ts'

/** What one release or another prints of one card, however it was written down. */
export interface RocmCard {
  /** `card0`, as the JSON calls it. */
  readonly key: string
  readonly line: number
  readonly fields: Readonly<Record<string, unknown>>
  readonly lineOf: (field: string) => number
}

interface Found {
  readonly field: string
  readonly text: string
}

/** The first of the names, in any case, that has a value and not an excuse. */
export function lookUp(fields: Readonly<Record<string, unknown>>, names: readonly string[]): Found | undefined {
  for (const name of names) {
    const field = Object.keys(fields).find((candidate) => candidate.trim().toLowerCase() === name)
    const text = field === undefined ? '' : String(fields[field]).trim()
    if (field !== undefined && text.length <= limits.nameCharacters && !saysUnknown(text)) return { field, text }
  }
  return undefined
}

/** Names of fields changed with the release, in case and in words. */
export function readRocmCard({ key, line, fields, lineOf }: RocmCard, notes: Notes): DeviceReading {
  const { need, want } = readerOf((name: string) => {
    const found = lookUp(fields, [name])
    if (found === undefined) return undefined
    return { text: found.text, place: () => ({ line: lineOf(found.field), field: `${key}.${found.field}` }) }
  }, notes)
  const name = amdName(
    ['market name', 'card series', 'device name', 'card model'].map((place) => lookUp(fields, [place])?.text),
  )
  const architecture = want('gfx version', parseTarget) ?? want('gfx', parseTarget)
  const memory = amdMemory(defined({ name, architecture }), {
    vram: need('vram total memory (b)', parseBytes),
    vramUsed: need('vram total used memory (b)', parseBytes),
    gtt: need('gtt total memory (b)', parseBytes),
    gttUsed: need('gtt total used memory (b)', parseBytes),
  })
  return defined({
    line,
    backend: 'rocm' as const,
    smiIndex: Number(key.replace(/\D/g, '')),
    name,
    uuid: want('unique id', parseUniqueId),
    pciBusId: want('pci bus', parsePciBusId),
    architecture,
    ...memory,
    powerLimitWatts: want('max graphics package power (w)', parseNumber),
    pcie: slotOf(fields),
  })
}

/** What the slot runs at now and, in a list of levels under bare numbers, what it could run at. */
function slotOf(fields: RocmCard['fields']): DeviceReading['pcie'] {
  const now = parseSlot(lookUp(fields, ['pcie clock level', 'pcie clock level:'])?.text)
  const levels = Object.entries(fields)
    .filter(([field]) => /^\d{1,2}$/.test(field))
    .map(([, text]) => parseSlot(String(text).slice(0, 64)))
    .filter((level) => level !== undefined)
  if (now === undefined && levels.length === 0) return undefined
  const most = (figures: readonly (number | undefined)[]): number | undefined => {
    const told = figures.filter((figure) => figure !== undefined)
    return told.length === 0 ? undefined : Math.max(...told)
  }
  return defined({
    ...now,
    generationMax: most(levels.map(({ generation }) => generation)),
    widthMax: most(levels.map(({ width }) => width)),
  })
}
