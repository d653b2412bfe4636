import type { Backend, DeviceId, Link } from '@berth/core'

import type { LinkEnd, LinkReading, NvlinkReading } from '../formats/format.ts'
import type { NotesBook } from '../notes.ts'
import { byTrust, known } from './cards.ts'
import type { BuiltDevice } from './devices.ts'
import type { ReadSection } from './group.ts'

/** The vendor tool's number of a GPU, or its bus id, to its device; `null` for one cut into slices, which have no links. */
type Numbering = ReadonlyMap<LinkEnd, DeviceId | null>

/** Paths between the host's GPUs: classes from `topo -m`, speeds of NVLinks from `nvlink -s`. */
export function buildLinks(
  sections: readonly ReadSection[],
  built: readonly BuiltDevice[],
  book: NotesBook,
): readonly Link[] {
  const numbers = numbering(built, 'cuda')
  const nvlinks = sections.flatMap(({ reading }) => reading.nvlinks ?? [])
  const links = new Map<string, Link>()
  for (const { format, section, reading } of byTrust(sections)) {
    const found = reading.links ?? []
    const ends = numbering(built, found[0]?.backend ?? 'cuda')
    const unmatched = found.find(({ from, to }) => !ends.has(from) || !ends.has(to))
    if (unmatched !== undefined) {
      const detail = `${nameOf(unmatched.from)} to ${nameOf(unmatched.to)}`
      book.forSection(section.index, format.id).warn('link-unmatched', { line: unmatched.line, detail })
    }
    for (const link of found) {
      const [from, to] = [ends.get(link.from), ends.get(link.to)]
      const key = [from ?? '', to ?? ''].toSorted().join(' ')
      if (from && to && !links.has(key)) links.set(key, { from, to, kind: link.kind, ...speedOf(link, nvlinks) })
    }
  }
  return links.size > 0 ? [...links.values()] : pairLink(numbers, nvlinks)
}

const nameOf = (end: LinkEnd): string => (typeof end === 'number' ? `GPU${end}` : end)

function numbering(built: readonly BuiltDevice[], backend: Backend): Numbering {
  const numbers = new Map<LinkEnd, DeviceId | null>()
  const local = built.filter(({ device }) => device.backend === backend)
  const numbered = local.some(({ card }) => known(card, 'smiIndex') !== undefined)
  local.forEach(({ device, card }, place) => {
    const ends = [numbered ? known(card, 'smiIndex') : place, device.pciBusId]
    for (const end of ends) if (end !== undefined) numbers.set(end, device.migParent === undefined ? device.id : null)
  })
  return numbers
}

function speedOf(link: LinkReading, nvlinks: readonly NvlinkReading[]): Pick<Link, 'bandwidthBytesPerSecond'> {
  if (link.bytesPerSecond !== undefined) return { bandwidthBytesPerSecond: link.bytesPerSecond }
  const bonded = Number(/^NV(\d+)$/.exec(link.kind)?.[1] ?? 0)
  const speed = nvlinks.find(({ gpu }) => gpu === link.from)?.bytesPerSecondPerLink
  return bonded === 0 || speed === undefined ? {} : { bandwidthBytesPerSecond: bonded * speed }
}

/** With two GPUs and no matrix, links that are up on both lead from one to the other. */
function pairLink(numbers: Numbering, nvlinks: readonly NvlinkReading[]): readonly Link[] {
  const [first, second] = nvlinks
  const [from, to] = [numbers.get(first?.gpu ?? -1), numbers.get(second?.gpu ?? -1)]
  const numbered = [...numbers.keys()].filter((end) => typeof end === 'number')
  if (numbered.length !== 2 || nvlinks.length !== 2 || !from || !to || first!.links !== second!.links) return []
  const bandwidthBytesPerSecond = first!.links * first!.bytesPerSecondPerLink
  return [{ from, to, kind: `NV${first!.links}`, bandwidthBytesPerSecond }]
}
