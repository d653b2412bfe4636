import type { Bytes } from '@berth/core'
import { gibibytes } from '@berth/core'

import { limits } from '../limits.ts'
import type { Figure } from '../text/figures.ts'
import { saysUnknown } from '../text/figures.ts'
import type { DeviceReading, LinkReading } from './format.ts'

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

/** A target without its features: "gfx90a:sramecc+:xnack-" is gfx90a. */
export function parseTarget(text: string): Figure<string> {
  if (saysUnknown(text)) return undefined
  return /^gfx[0-9a-f]{3,5}/i.exec(text.trim())?.[0].toLowerCase() ?? 'invalid'
}

/** What the driver calls graphics that it knows no name of, and a bare PCI id. */
const nameless = /^(?:AMD Radeon(?:\(TM\))? Graphics|0x[0-9a-f]+)$/i

/** The most telling of the names a tool prints of one card, best place first; a bare id is none. */
export function amdName(names: readonly (string | undefined)[]): string | undefined {
  const told = names.filter((name) => name !== undefined && !saysUnknown(name) && name.length <= limits.nameCharacters)
  return told.find((name) => !nameless.test(name!)) ?? told.find((name) => !/^0x/i.test(name!))
}

/** What a card has of its own and, on a processor, may take of the host's (GTT). */
export interface AmdPools {
  readonly vram: Bytes | undefined
  readonly vramUsed: Bytes | undefined
  readonly gtt: Bytes | undefined
  readonly gttUsed: Bytes | undefined
}

/** Targets of processors with graphics on the die, whose memory is a part of the host's. */
const onDie = /^gfx(?:902|909|90c|103[35-7]|1103|115[0-3])$/
/** Firmware sets this much aside for the display; who wants to run models on it sets aside more. */
const displayCarveOut = gibibytes(4)

/**
 * Which memory a process gets on graphics on the die: the larger of what the firmware set aside and what the driver may
 * take of the host's, as amdgpu does since Linux 6.10. What was set aside is the host's no more. An MI300A has one
 * memory for both.
 */
export function amdMemory(
  { name, architecture }: Pick<DeviceReading, 'name' | 'architecture'>,
  { vram, vramUsed, gtt, gttUsed }: AmdPools,
): { readonly reported: Bytes | undefined; readonly used: Bytes | undefined; readonly unified: boolean } {
  const own = { reported: vram === 0 ? undefined : vram, used: vramUsed, unified: /\bMI300A\b/.test(name ?? '') }
  if (architecture === undefined || !onDie.test(architecture)) return own
  if (gtt !== undefined) return gtt > (vram ?? 0) ? { reported: gtt, used: gttUsed, unified: true } : own
  return (vram ?? 0) > displayCarveOut ? own : { reported: undefined, used: undefined, unified: true }
}

/** "1 (16.0GT/s x16)" or "16.0GT/s x16 *": how a slot runs, or may run. */
export function parseSlot(
  text: string | undefined,
): { readonly generation?: number; readonly width: number } | undefined {
  const match = /(\d{1,2}(?:\.\d)?)\s*GT\/s x(\d{1,2})/.exec(text ?? '')
  if (match === null) return undefined
  const generation = generationOf(Number(match[1]))
  return { ...(generation === undefined ? {} : { generation }), width: Number(match[2]) }
}

/**
 * The class of the path between two cards. AMD counts hops over PCIe: 2 within one NUMA node, 3 to another; without
 * them nothing is told that is not assumed anyway.
 */
export function amdLink(
  link: Pick<LinkReading, 'line' | 'from' | 'to'>,
  type: string,
  hops: number | undefined,
): LinkReading | undefined {
  if (type === 'XGMI') return { ...link, backend: 'rocm', kind: 'XGMI' }
  if (type !== 'PCIE' || hops === undefined) return undefined
  return { ...link, backend: 'rocm', kind: hops > 2 ? 'SYS' : 'NODE' }
}
