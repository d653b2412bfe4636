import type { HostObservation, SectionReading } from '../formats/format.ts'
import { defined } from '../formats/format.ts'
import type { NotesBook } from '../notes.ts'
import type { HostGroup } from './group.ts'
import { buildNetwork } from './network.ts'
import { readPaths } from './paths.ts'

/**
 * What outputs that show no card tell of a host whose cards may be known: its paths and its network. Undefined where they
 * tell more than that, or nothing of it: then a machine is made of them, or refused.
 */
export function pathsAlone({ sections }: HostGroup, book: NotesBook): HostObservation | undefined {
  if (!sections.every(({ reading }) => reading.devices.length === 0 && tellsOfPaths(reading))) return undefined
  const paths = readPaths(sections).map(({ source: _source, ...path }) => path)
  const networkInterfaces = buildNetwork(sections, book)
  if (paths.length === 0 && networkInterfaces === undefined) return undefined
  return defined({
    line: sections[0]!.section.firstLine,
    cards: [],
    paths: paths.length > 0 ? paths : undefined,
    networkInterfaces,
  })
}

const tellsOfPaths = ({ links, peers, network }: SectionReading): boolean =>
  [links, peers, network].some((told) => told !== undefined)
