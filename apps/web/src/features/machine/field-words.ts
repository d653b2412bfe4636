import { bytes, formatBitRate, formatBytes, formatFigure, isDeviceFigure, isMachineFigure, limitsOf } from '@berth/core'
import { bandwidthOf } from '../catalogue/gpu-figures.ts'

/** Fields of a machine that hold a size in bytes. */
const SIZE = /(?:memory(?:Total|Used|ForPlans)|\.bytes)$/i

/** Fields whose own name says less than the page does. */
const words: Readonly<Record<string, string>> = {
  'memory.policyReserved': 'memory kept back',
  memoryForPlans: 'for plans',
  hostMemoryTotal: 'RAM',
  memoryBandwidthBytesPerSecond: 'bandwidth',
  hostMemoryBandwidthBytesPerSecond: 'RAM bandwidth',
  fp16FlopsPerSecond: 'FP16, dense',
  powerLimitWatts: 'power limit',
  powerDefaultWatts: 'default power',
  cpuCores: 'cores',
  origin: 'from',
  owner: 'team',
}

/** "GPU 0 memory.reported.bytes" is the field memory.reported of GPU 0. */
function parts(path: string): { readonly of: string; readonly field: string } {
  const [, of = '', field = ''] = /^(GPU \d+ )?(.*)$/.exec(path) ?? []
  return { of, field: field.replace(/\.bytes$/, '') }
}

/** "GPU 0 memoryUsed" as people say it: "GPU 0 memory used". */
export function fieldWords(path: string): string {
  const { of, field } = parts(path)
  if (field.startsWith('label ')) return path
  const plain = field
    .replaceAll(/\.bitsPerSecond$|BytesPerSecond$/g, '')
    .replaceAll(/([a-z])([A-Z])(?=[a-z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .replaceAll('.', ' ')
  return of + (words[field] ?? plain)
}

/** A field's value as the API writes it, with the units that people read. */
export function fieldValue(path: string, value: string): string {
  const { field } = parts(path)
  if (isDeviceFigure(field) || isMachineFigure(field)) {
    const { kind, unit } = limitsOf(field)
    if (kind === 'number') return /^\d+(?:\.\d+)?$/.test(value) ? formatFigure(unit, Number(value)) : value
    return kind === 'flag' ? formatFigure(unit, value === 'true') : value
  }
  if (!/^\d+(?:\.\d+)?$/.test(value)) return value
  if (field.endsWith('.bitsPerSecond')) return value === '0' ? 'no link' : formatBitRate(Number(value))
  if (path.endsWith(' bandwidthBytesPerSecond')) return bandwidthOf(Number(value))
  if (SIZE.test(path)) return formatBytes(bytes(Number(value)))
  return field === 'powerDefaultWatts' ? `${value} W` : value
}
