import type { Backend, DeviceId, Link } from '@berth/core'

import type { LinkEnd } from '../formats/format.ts'
import type { NotesBook } from '../notes.ts'
import { known } from './cards.ts'
import type { BuiltDevice } from './devices.ts'
import type { ReadSection } from './group.ts'
import { type NumberedPath, readPaths } from './paths.ts'

/** The vendor tool's number of a GPU, or its bus id, to its device; `null` for one cut into slices, which have no links. */
type Numbering = ReadonlyMap<LinkEnd, DeviceId | null>

/** The paths between the host's GPUs; those of GPUs that no output names are left out. */
export function buildLinks(
  sections: readonly ReadSection[],
  built: readonly BuiltDevice[],
  book: NotesBook,
): readonly Link[] {
  const paths = readPaths(sections)
  const numberings = new Map<Backend, Numbering>()
  const endsOf = ({ backend = 'cuda' }: NumberedPath): Numbering => {
    const known = numberings.get(backend) ?? numbering(built, backend)
    numberings.set(backend, known)
    return known
  }
  for (const { source, line, from, to } of firstOfEach(paths.filter((path) => !isKnown(path, endsOf(path))))) {
    const { section, format } = source
    book
      .forSection(section.index, format.id)
      .warn('link-unmatched', { line, detail: `${nameOf(from)} to ${nameOf(to)}` })
  }
  return paths.flatMap((path) => {
    const { source: _source, line: _line, backend: _backend, ...link } = path
    const [from, to] = [endsOf(path).get(path.from), endsOf(path).get(path.to)]
    return from && to ? [{ ...link, from, to }] : []
  })
}

const nameOf = (end: LinkEnd): string => (typeof end === 'number' ? `GPU${end}` : end)

const isKnown = ({ from, to }: NumberedPath, numbers: Numbering): boolean => numbers.has(from) && numbers.has(to)

/** A matrix has many paths to one GPU; one remark a section is enough. */
const firstOfEach = (paths: readonly NumberedPath[]): readonly NumberedPath[] =>
  paths.filter(({ source }, place) => paths.findIndex((other) => other.source === source) === place)

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
