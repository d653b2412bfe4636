import type { Bytes } from '@berth/core'

import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import type { Figure } from '../text/figures.ts'
import { orUnknown, parseMebibytes } from '../text/figures.ts'
import type { DeviceReading } from './format.ts'
import { defined } from './format.ts'

/** Slurm names a card by a type that the site chose: "a100", "3090", "nvidia_h100_80gb_hbm3", "mi210". */
export const gresCard = (line: number, type: string | undefined): DeviceReading =>
  defined({
    line,
    backend: /^(?:mi\d|gfx|amd|radeon)/i.test(type ?? '') ? ('rocm' as const) : ('cuda' as const),
    name: type,
  })

interface Place {
  readonly line: number
  readonly field: string
  readonly notes: Notes
}

function cardsOf(
  counts: readonly { readonly type: string | undefined; readonly count: number }[],
  text: string,
  { line, field, notes }: Place,
): readonly DeviceReading[] {
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  if (total > limits.devicesPerMachine) {
    notes.refuse('limit-exceeded', { line, field, limit: limits.devicesPerMachine, detail: text })
    return []
  }
  return counts.flatMap(({ type, count }) => Array.from({ length: count }, () => gresCard(line, type)))
}

/** One entry: what stands between the name and the count is the type, and a number alone is the count. */
const gresEntry = /^gpu(?::([\w.-]{1,64}?))?(?::(\d{1,4}))?$/

/** `gpu:a100:4(S:0-1),gpu:3090:2`: what a node has, and on which sockets. */
export function readGres(text: string, place: Place): readonly DeviceReading[] {
  const entries = text
    .replaceAll(/\([^)]*\)/g, '')
    .split(',')
    .map((entry) => gresEntry.exec(entry.trim()))
    .filter((match) => match !== null)
  const counts = entries.map(([, type, count]) =>
    count === undefined && /^\d{1,4}$/.test(type ?? '')
      ? { type: undefined, count: Number(type) }
      : { type, count: Number(count ?? 1) },
  )
  return cardsOf(counts, text, place)
}

export interface Tres {
  readonly cards: readonly DeviceReading[]
  readonly cpuCores: number | undefined
  readonly memoryTotal: Bytes | undefined
}

/** The beginning of a list of trackable resources, as nodes and their usage have it. */
export const tresStart = /^=?cpu=\d{1,6},mem=[\d.]{1,12}[KMGT]?(?:,|$)/

/**
 * `cpu=64,mem=515000M,billing=64,gres/gpu=4,gres/gpu:a100=4`: cards are there only on clusters set up to count them, and
 * those of a type are among all.
 */
export function readTres(text: string, place: Place): Tres {
  const fields = new Map(
    text
      .replace(/^=/, '')
      .split(',')
      .map((entry) => {
        const at = entry.lastIndexOf('=')
        return [entry.slice(0, at), entry.slice(at + 1)] as const
      }),
  )
  const counts = [...fields].flatMap(([name, value]) => {
    const type = /^gres\/gpu:(.{1,64})$/.exec(name)?.[1]
    return type !== undefined && /^\d{1,4}$/.test(value) ? [{ type, count: Number(value) }] : []
  })
  const typed = counts.reduce((sum, { count }) => sum + count, 0)
  const all = Number(/^\d{1,4}$/.exec(fields.get('gres/gpu') ?? '')?.[0] ?? 0)
  const untyped = all > typed ? [{ type: undefined, count: all - typed }] : []
  const cores = Number(fields.get('cpu'))
  return {
    cards: cardsOf([...counts, ...untyped], text, place),
    cpuCores: Number.isSafeInteger(cores) && cores > 0 ? cores : undefined,
    memoryTotal: orUnknown(parseTresMemory(fields.get('mem') ?? '')),
  }
}

/** MiB where no unit stands: "257573M", "1.50T". */
const parseTresMemory = (text: string): Figure<Bytes> => parseMebibytes(text.replace(/([KMGT])$/, '$1iB'))
