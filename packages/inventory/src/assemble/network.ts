import type { NetworkInterface } from '@berth/core'

import { limits } from '../limits.ts'
import type { NotesBook } from '../notes.ts'
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
  if (found.size > limits.networkInterfaces) {
    const { section, format } = listing[0]!
    const detail = `${found.size} network interfaces`
    const place = { line: section.firstLine, limit: limits.networkInterfaces, detail }
    book.forSection(section.index, format.id).refuse('limit-exceeded', place)
  }
  return listing.length === 0 ? undefined : [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
