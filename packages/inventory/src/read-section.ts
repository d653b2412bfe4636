import type { ReadSection } from './assemble/group.ts'
import type { NotesBook } from './notes.ts'
import type { CutSection } from './sniff.ts'

/** What one cut-out output says, one entry a host where it speaks of several; nothing of what holds other outputs. */
export function readSection({ format, section, value }: CutSection, book: NotesBook): readonly ReadSection[] {
  if (format.kind === 'bundle') return []
  const notes = book.forSection(section.index, format.id)
  const reading = format.kind === 'json' ? format.readJson(value, section, notes) : format.read(section, notes)
  if (reading.hosts === undefined) return [{ format, section, reading }]
  return reading.hosts.map((host) => ({
    format,
    section: { ...section, hostName: host.hostName },
    reading: host.reading,
  }))
}
