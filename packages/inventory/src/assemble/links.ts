import type { Backend, DeviceId, Link } from '@berth/core'

import type { LinkEnd } from '../formats/format.ts'
import { pairKey } from '../merge-links.ts'
import type { NotesBook } from '../notes.ts'
import { known } from './cards.ts'
import type { BuiltDevice } from './devices.ts'
import type { ReadSection } from './group.ts'
import { readPaths, type ToldPath } from './paths.ts'

/** The vendor tool's number of a GPU, or its bus id, to its device; `null` for one cut into slices, which have no links. */
type Numbering = ReadonlyMap<LinkEnd, DeviceId | null>

/** The paths between the host's GPUs; those of GPUs that no output names are left out. */
export function buildLinks(
  sections: readonly ReadSection[],
  built: readonly BuiltDevice[],
  book: NotesBook,
): readonly Link[] {
  const paths = readPaths(sections)
  const numberings = new Map(paths.map(({ backend }) => [backend, numbering(built, backend)]))
  const numbersOf = ({ backend }: ToldPath): Numbering => numberings.get(backend)!
  const isKnown = (path: ToldPath): boolean => [path.from, path.to].every((end) => numbersOf(path).has(end))
  for (const { source, line, from, to } of firstOfEach(paths.filter((path) => !isKnown(path)))) {
    const { section, format } = source
    const detail = `${nameOf(from)} to ${nameOf(to)}`
    book.forSection(section.index, format.id).warn('link-unmatched', { line, detail })
  }
  const links = new Map<string, Link>()
  for (const path of paths) {
    const { source: _source, line: _line, backend: _backend, ...told } = path
    const [from, to] = [numbersOf(path).get(told.from), numbersOf(path).get(told.to)]
    if (from && to && !links.has(pairKey({ from, to }))) links.set(pairKey({ from, to }), { ...told, from, to })
  }
  return [...links.values()]
}

/** A matrix has many paths to one GPU; one remark a section is enough. */
const firstOfEach = (paths: readonly ToldPath[]): readonly ToldPath[] =>
  paths.filter(({ source }, place) => paths.findIndex((other) => other.source === source) === place)

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
