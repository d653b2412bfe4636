import { limits } from '../limits.ts'

/** A speed in Mbit/s. The driver's -1, and its 2^16 - 1 and 2^32 - 1 when it forgets the sign, are no link. */
export function readMegabits(text: string): number {
  const speed = Number(text) * 1e6
  const isNone = [65_535, 4_294_967_295].includes(Number(text))
  return speed > 0 && speed <= limits.networkBitsPerSecond && !isNone ? speed : 0
}
