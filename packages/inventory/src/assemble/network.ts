import type { NetworkInterface } from '@berth/core'

import { limits } from '../limits.ts'
import { type NotesBook, tooMany } from '../notes.ts'
import { byTrust } from './cards.ts'
import type { ReadSection } from './group.ts'

/** The host's interfaces that are cards; undefined where no section lists any. One tool knows speeds, another what is software. */
export function buildNetwork(
  sections: readonly ReadSection[],
  book: NotesBook,
): readonly NetworkInterface[] | undefined {
  const listing = byTrust(sections).filter(({ reading }) => reading.network !== undefined)
  const readings = listing.flatMap(({ reading }) => reading.network ?? [])
  const virtual = new Set(readings.filter(({ isVirtual }) => isVirtual).map(({ name }) => name))
  const found = new Map<string, NetworkInterface>()
  for (const { name, bitsPerSecond } of readings) {
    if (virtual.has(name) || found.get(name)?.bitsPerSecond !== undefined) continue
    found.set(name, bitsPerSecond === undefined ? { name } : { name, bitsPerSecond })
  }
  const first = listing[0]
  if (first !== undefined) {
    const notes = book.forSection(first.section.index, first.format.id)
    const { firstLine: line } = first.section
    tooMany(found.size, { notes, line, what: 'network interfaces', limit: limits.networkInterfaces })
  }
  return listing.length === 0 ? undefined : [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
