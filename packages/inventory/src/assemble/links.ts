import type { DeviceId, Link } from '@berth/core'

import type { NotesBook } from '../notes.ts'
import { known } from './cards.ts'
import type { BuiltDevice } from './devices.ts'
import type { ReadSection } from './group.ts'
import { type NumberedPath, readPaths } from './paths.ts'

/** nvidia-smi's number of a GPU to its device; `null` for a GPU cut into slices, which have no links of their own. */
type Numbering = ReadonlyMap<number, DeviceId | null>

/** The paths between the host's GPUs; those of GPUs that no output names are left out. */
export function buildLinks(
  sections: readonly ReadSection[],
  built: readonly BuiltDevice[],
  book: NotesBook,
): readonly Link[] {
  const numbers = numbering(built)
  const paths = readPaths(sections)
  for (const { source, line, from, to } of firstOfEach(paths.filter((path) => !isKnown(path, numbers)))) {
    const { section, format } = source
    book.forSection(section.index, format.id).warn('link-unmatched', { line, detail: `GPU${from} to GPU${to}` })
  }
  return paths.flatMap(({ source: _source, line: _line, ...path }) => {
    const [from, to] = [numbers.get(path.from), numbers.get(path.to)]
    return from && to ? [{ ...path, from, to }] : []
  })
}

const isKnown = ({ from, to }: NumberedPath, numbers: Numbering): boolean => numbers.has(from) && numbers.has(to)

/** A matrix has many paths to one GPU; one remark a section is enough. */
const firstOfEach = (paths: readonly NumberedPath[]): readonly NumberedPath[] =>
  paths.filter(({ source }, place) => paths.findIndex((other) => other.source === source) === place)

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
