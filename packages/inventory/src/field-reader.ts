import type { Notes, Place } from './notes.ts'
import type { Figure } from './text/figures.ts'
import { accepted } from './text/figures.ts'

/** A field as it was found: its text, and where that stands. */
export interface Told {
  readonly text: string
  /** Asked for only when the text cannot be read: finding a line may cost more than reading it. */
  readonly place: () => Omit<Place, 'detail'>
}

/** Reads figures, each by the field it is called. */
export interface FieldReader<Field> {
  /** A figure that plans stand on: one that cannot be read refuses the paste. */
  readonly need: <Value>(field: Field, parse: (text: string) => Figure<Value>) => Value | undefined
  /** A figure that may be left out, with a warning, when it cannot be read. */
  readonly want: <Value>(field: Field, parse: (text: string) => Figure<Value>) => Value | undefined
}

export function readerOf<Field>(find: (field: Field) => Told | undefined, notes: Notes): FieldReader<Field> {
  const read =
    (complain: (place: Place) => void) =>
    <Value>(field: Field, parse: (text: string) => Figure<Value>): Value | undefined => {
      const told = find(field)
      if (told === undefined) return undefined
      return accepted(parse(told.text), () => complain({ ...told.place(), detail: told.text }))
    }
  return {
    need: read((place) => notes.refuse('value-invalid', place)),
    want: read((place) => notes.warn('value-ignored', place)),
  }
}
