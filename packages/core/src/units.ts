/** Units live in types: a size is never a bare number in a signature. Exact to 2^53 bytes (9 PB). */

declare const unit: unique symbol

export type Bytes = number & { readonly [unit]: 'bytes' }
export type Tokens = number & { readonly [unit]: 'tokens' }
/** A moment, in milliseconds since 1970. */
export type Instant = number & { readonly [unit]: 'milliseconds since 1970' }

export const bytes = (count: number): Bytes => count as Bytes
export const tokens = (count: number): Tokens => count as Tokens
export const instant = (milliseconds: number): Instant => milliseconds as Instant

export const KIB = 1024
export const MIB = 1024 ** 2
export const GIB = 1024 ** 3

export const mebibytes = (count: number): Bytes => bytes(Math.round(count * MIB))
export const gibibytes = (count: number): Bytes => bytes(Math.round(count * GIB))

export const sumBytes = (parts: readonly Bytes[]): Bytes => bytes(parts.reduce<number>((sum, part) => sum + part, 0))

/** `GGML_PAD(value, alignment)`; by division, because sizes pass 2^31 and 32-bit masks would wrap. */
export const padTo = (value: number, alignment: number): number => Math.ceil(value / alignment) * alignment

export type ByteUnit = 'auto' | 'MiB' | 'GiB'

/** The one place that writes a size. Binary units, always spelled out; the sign is kept. */
export function formatBytes(size: Bytes, byteUnit: ByteUnit = 'auto'): string {
  const magnitude = Math.abs(size)
  const chosen = byteUnit === 'auto' ? naturalUnit(magnitude) : byteUnit
  if (chosen === 'B') return `${size} B`
  const digits = chosen === 'GiB' ? 2 : magnitude < 100 * MIB && magnitude % MIB !== 0 ? 1 : 0
  const divisor = { KiB: KIB, MiB: MIB, GiB: GIB }[chosen]
  return `${groupThousands((size / divisor).toFixed(digits))} ${chosen}`
}

function naturalUnit(magnitude: number): 'B' | 'KiB' | 'MiB' | 'GiB' {
  if (magnitude >= GIB) return 'GiB'
  if (magnitude >= MIB) return 'MiB'
  return magnitude >= KIB ? 'KiB' : 'B'
}

/** GiB with their sign and without their unit, for figures that stand beside each other: `+3.1`, `−12.4`, `+431`. */
export function signedGibibytes(size: Bytes): string {
  const magnitude = Math.abs(size / GIB)
  return `${size < 0 ? '−' : '+'}${groupThousands(magnitude.toFixed(magnitude < 99.95 ? 1 : 0))}`
}

/** Thousands are grouped by a comma in whole numbers and before the point: 12,288 or 1,056.5. */
export const groupThousands = (digits: string | number): string =>
  String(digits).replace(
    /^(-?)(\d+)/,
    (_, sign: string, whole: string) => sign + whole.replace(/\B(?=(\d{3})+$)/g, ','),
  )

/** A network's speed as it is printed on the box: decimal, in bits. */
export const formatBitRate = (bitsPerSecond: number): string =>
  bitsPerSecond >= 1e9 ? `${roundedRate(bitsPerSecond / 1e9)} Gbit/s` : `${roundedRate(bitsPerSecond / 1e6)} Mbit/s`

const roundedRate = (value: number): string => groupThousands(Number(value.toPrecision(3)))
