import type { DeviceId, Link } from '@berth/core'

import type { LinkReading, NvlinkReading } from '../formats/format.ts'
import type { NotesBook } from '../notes.ts'
import { byTrust, known } from './cards.ts'
import type { BuiltDevice } from './devices.ts'
import type { ReadSection } from './group.ts'

/** nvidia-smi's number of a GPU to its device; `null` for a GPU cut into slices, which have no links of their own. */
type Numbering = ReadonlyMap<number, DeviceId | null>

/** Paths between the host's GPUs: classes from `topo -m`, speeds of NVLinks from `nvlink -s`. */
export function buildLinks(
  sections: readonly ReadSection[],
  built: readonly BuiltDevice[],
  book: NotesBook,
): readonly Link[] {
  const numbers = numbering(built)
  const nvlinks = sections.flatMap(({ reading }) => reading.nvlinks ?? [])
  const links = new Map<string, Link>()
  for (const { format, section, reading } of byTrust(sections)) {
    const unmatched = (reading.links ?? []).find(({ from, to }) => !numbers.has(from) || !numbers.has(to))
    if (unmatched !== undefined) {
      const detail = `GPU${unmatched.from} to GPU${unmatched.to}`
      book.forSection(section.index, format.id).warn('link-unmatched', { line: unmatched.line, detail })
    }
    for (const link of reading.links ?? []) {
      const [from, to] = [numbers.get(link.from), numbers.get(link.to)]
      const key = `${link.from} ${link.to}`
      if (from && to && !links.has(key)) links.set(key, { from, to, kind: link.kind, ...speedOf(link, nvlinks) })
    }
  }
  return links.size > 0 ? [...links.values()] : pairLink(numbers, nvlinks)
}

function numbering(built: readonly BuiltDevice[]): Numbering {
  const numbers = new Map<number, DeviceId | null>()
  const local = built.filter(({ device }) => device.backend === 'cuda')
  const numbered = local.some(({ card }) => known(card, 'smiIndex') !== undefined)
  local.forEach(({ device, card }, place) => {
    const number = numbered ? known(card, 'smiIndex') : place
    if (number !== undefined) numbers.set(number, device.migParent === undefined ? device.id : null)
  })
  return numbers
}

function speedOf(link: LinkReading, nvlinks: readonly NvlinkReading[]): Pick<Link, 'bandwidthBytesPerSecond'> {
  const bonded = Number(/^NV(\d+)$/.exec(link.kind)?.[1] ?? 0)
  const speed = nvlinks.find(({ gpu }) => gpu === link.from)?.bytesPerSecondPerLink
  return bonded === 0 || speed === undefined ? {} : { bandwidthBytesPerSecond: bonded * speed }
}

/** With two GPUs and no matrix, links that are up on both lead from one to the other. */
function pairLink(numbers: Numbering, nvlinks: readonly NvlinkReading[]): readonly Link[] {
  const [first, second] = nvlinks
  const [from, to] = [numbers.get(first?.gpu ?? -1), numbers.get(second?.gpu ?? -1)]
  if (numbers.size !== 2 || nvlinks.length !== 2 || !from || !to || first!.links !== second!.links) return []
  const bandwidthBytesPerSecond = first!.links * first!.bytesPerSecondPerLink
  return [{ from, to, kind: `NV${first!.links}`, bandwidthBytesPerSecond }]
}
