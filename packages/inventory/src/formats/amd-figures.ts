import type { Figure } from '../text/figures.ts'
import { saysUnknown } from '../text/figures.ts'

/** ROCR_VISIBLE_DEVICES takes `GPU-` and the 16 digits that rocm-smi calls the unique id. */
export function parseUniqueId(text: string): Figure<string> {
  if (saysUnknown(text)) return undefined
  const digits = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(text.trim())?.[1]
  if (digits === undefined) return 'invalid'
  return /[1-9a-f]/i.test(digits) ? `GPU-${digits.toLowerCase().padStart(16, '0')}` : undefined
}

const generations: readonly (readonly [number, number])[] = [
  [2.5, 1],
  [5, 2],
  [8, 3],
  [16, 4],
  [32, 5],
  [64, 6],
]

/** PCIe generation of a transfer rate in GT/s. */
export const generationOf = (rate: number): number | undefined => generations.find(([known]) => known === rate)?.[1]

/** Targets of processors with graphics on the die, whose memory is a part of the host's. */
const onDie = /^gfx(?:902|909|90c|103[35-7]|1103|115[0-3])$/

export const sharesHostMemory = (target: string | undefined): boolean => target !== undefined && onDie.test(target)

/** A target without its features: "gfx90a:sramecc+:xnack-" is gfx90a. */
export function parseTarget(text: string): Figure<string> {
  if (saysUnknown(text)) return undefined
  return /^gfx[0-9a-f]{3,5}/i.exec(text.trim())?.[0].toLowerCase() ?? 'invalid'
}
