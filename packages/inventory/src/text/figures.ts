import type { Bytes } from '@berth/core'
import { bytes, GIB, KIB, MIB } from '@berth/core'

import { limits } from '../limits.ts'

/** `undefined`: the tool says it does not know. `'invalid'`: the tool says something else than a figure. */
export type Figure<Value> = Value | undefined | 'invalid'

/** The figure; what is said of one that is none goes to `complain`. */
export function accepted<Value>(figure: Figure<Value>, complain: () => void): Value | undefined {
  if (figure !== 'invalid') return figure
  complain()
  return undefined
}

/** The figure where it is one, for what may be left out without a word. */
export const orUnknown = <Value>(figure: Figure<Value>): Value | undefined =>
  figure === 'invalid' ? undefined : figure

const unknownWords = new Set([
  '',
  '-',
  'n/a',
  'na',
  'none',
  'err!',
  'unknown',
  'unknown error',
  'not supported',
  'not found',
  'not available',
  'function not found',
  'insufficient permissions',
  'gpu is lost',
  'gpu requires reset',
  'reset required',
])

/** How nvidia-smi and its like say that they cannot tell: `N/A`, `[Not Supported]`, `ERR!`, `[GPU is lost]`, … */
export function saysUnknown(text: string): boolean {
  const trimmed = text.trim()
  if (/^\[.*\]$/.test(trimmed)) return true
  const word = trimmed.toLowerCase()
  return unknownWords.has(word) || /requested functionality has been deprecated|access blocked/.test(word)
}

const multipliers: Readonly<Record<string, number>> = {
  b: 1,
  bytes: 1,
  kb: KIB,
  kib: KIB,
  mb: MIB,
  mib: MIB,
  gb: GIB,
  gib: GIB,
  tb: 1024 * GIB,
  tib: 1024 * GIB,
}

/** `24576 MiB`, `24576` (of `unit`), `23.5 GiB`. The tools read here write MB and GB for binary units. */
export function parseMemory(text: string, unit = 'MiB'): Figure<Bytes> {
  if (saysUnknown(text)) return undefined
  const match = /^(\d{1,18}(?:\.\d{1,9})?)\s*([A-Za-z]*)$/.exec(text.trim())
  if (match === null) return 'invalid'
  const multiplier = multipliers[(match[2] === '' ? unit : match[2]!).toLowerCase()]
  if (multiplier === undefined) return 'invalid'
  const size = Math.round(Number(match[1]) * multiplier)
  return size <= limits.memoryBytes ? bytes(size) : 'invalid'
}

/** The number at the start of `350.00 W`, `16x`, `4`; a unit is ignored, because each field has only one. */
export function parseNumber(text: string): Figure<number> {
  if (saysUnknown(text)) return undefined
  const match = /^(\d{1,9}(?:\.\d{1,6})?)\s*[A-Za-z%]{0,4}$/.exec(text.trim())
  return match === null ? 'invalid' : Number(match[1])
}

export function parseSwitch(text: string): Figure<boolean> {
  const word = text.trim().toLowerCase()
  if (word === 'enabled' || word === 'yes' || word === 'on') return true
  if (word === 'disabled' || word === 'no' || word === 'off') return false
  return saysUnknown(text) ? undefined : 'invalid'
}

/**
 * `00000000:0A:00.0`, the form nvidia-smi prints, from any of `0000:0a:00.0`, `0A:00.0` and that form:
 * tools disagree on case and on the width of the domain, and cards are matched by this.
 */
export function parsePciBusId(text: string): Figure<string> {
  if (saysUnknown(text)) return undefined
  const match = /^(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})(?:\.([0-9a-f]))?$/i.exec(text.trim())
  if (match === null) return 'invalid'
  const [domain, bus, device] = [match[1] ?? '0', match[2]!, match[3]!]
  return `${domain.padStart(8, '0')}:${bus.padStart(2, '0')}:${device.padStart(2, '0')}.${match[4] ?? '0'}`.toUpperCase()
}

/** A GPU's or MIG slice's UUID. One of zeros only is how captures are masked: it identifies nothing. */
export function parseUuid(text: string): Figure<string> {
  if (saysUnknown(text)) return undefined
  const trimmed = text.trim()
  if (!/^(?:GPU-|MIG-)?[0-9A-Za-z][0-9A-Za-z/_-]{3,127}$/.test(trimmed)) return 'invalid'
  return /[1-9a-f]/i.test(trimmed.replace(/^(?:GPU-|MIG-)+/, '')) ? trimmed : undefined
}

/** Hexadecimal digits of a bus id as one comparable key: domain, bus, device, function. */
const pciOrder = (busId: string): readonly number[] => busId.split(/[:.]/).map((part) => Number.parseInt(part, 16))

export function comparePci(left: string, right: string): number {
  const [a, b] = [pciOrder(left), pciOrder(right)]
  const differing = a.findIndex((part, place) => part !== b[place])
  return differing === -1 ? 0 : a[differing]! - (b[differing] ?? 0)
}

/** A name as a tool prints it: one that is too long is none of a card or a host. */
export const parseName = (text: string): Figure<string> =>
  saysUnknown(text) || text.length > limits.nameCharacters ? undefined : text.trim()

/** A host's name; one that is too long for a domain name is none. */
export const parseHostName = (text: string): Figure<string> =>
  saysUnknown(text) || text.length > limits.hostNameCharacters ? undefined : text.trim()

/** A size that a tool prints in bytes. */
export const parseBytes = (text: string): Figure<Bytes> => parseMemory(text, 'B')

/** A size that a tool prints in MiB, with or without its unit. */
export const parseMebibytes = (text: string): Figure<Bytes> => parseMemory(text, 'MiB')
