import type { GgufHeader, HeaderScalar, HeaderValue } from '@berth/core'

/** JSON has no NaN and no infinities: they become text, as a header of any origin may hold them. */
export function plainHeader(header: GgufHeader): GgufHeader {
  const metadata = Object.entries(header.metadata).map(([key, value]) => [key, plainValue(value)] as const)
  return { ...header, metadata: Object.fromEntries(metadata) }
}

const plainValue = (value: HeaderValue): HeaderValue => (isList(value) ? value.map(plainScalar) : plainScalar(value))

const isList = (value: HeaderValue): value is readonly HeaderScalar[] => Array.isArray(value)

const plainScalar = (value: HeaderScalar): HeaderScalar =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
