import { gibibytes } from '@berth/core'
import {
  createSerializer,
  type inferParserType,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server'

export const vendors = ['NVIDIA', 'AMD', 'Apple', 'Intel'] as const

/** Rows that are shown at first, and that each wish for more adds. */
export const PAGE = 40

/** What the catalogue is searched for, as the address holds it. */
export const gpuParsers = {
  q: parseAsString.withDefault(''),
  vendor: parseAsStringLiteral(vendors),
  /** GiB on the box, at least. */
  memory: parseAsInteger,
  show: parseAsInteger.withDefault(PAGE),
} as const

export type GpuInputs = inferParserType<typeof gpuParsers>

export const writeGpuInputs = createSerializer(gpuParsers)

/** The API takes no longer text, and lists no more at once. */
const MAX_TEXT = 200
const MAX_LIST = 1000

/** Addresses are typed by hand too: what is out of range is brought into it. */
export const gpuQueryOf = ({ q, vendor, memory, show }: GpuInputs) => ({
  limit: Math.min(MAX_LIST, Math.max(1, show)),
  ...(q.trim() && { text: q.trim().slice(0, MAX_TEXT) }),
  ...(vendor && { vendor }),
  ...(memory !== null && memory > 0 && memory <= 2 ** 20 && { memoryMin: gibibytes(memory) }),
})
