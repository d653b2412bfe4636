import type { Section } from '../formats/format.ts'
import type { Notes } from '../notes.ts'
import type { Figure } from '../text/figures.ts'
import { isRecord, textOf } from './check.ts'
import type { JsonPath } from './path-line.ts'
import { lineOfPath, writePath } from './path-line.ts'

export type JsonFields = Readonly<Record<string, unknown>>

/** The value as an object; one without fields when it is none. */
export const fieldsOf = (value: unknown): JsonFields => (isRecord(value) ? value : {})

export interface JsonPlace {
  readonly path: JsonPath
  readonly section: Section
  readonly notes: Notes
}

/** The line of the paste on which the value begins. */
export const lineOf = ({ section, path }: JsonPlace): number => section.firstLine + lineOfPath(section.lines, path)

/** Reads fields of one object. */
export interface FieldReader {
  /** A figure that is needed: one that cannot be read refuses the paste. */
  readonly need: <Value>(field: string, parse: (text: string) => Figure<Value>) => Value | undefined
  /** A figure that may be left out, with a warning, when it cannot be read. */
  readonly want: <Value>(field: string, parse: (text: string) => Figure<Value>) => Value | undefined
}

export function readFields(entry: JsonFields, place: JsonPlace): FieldReader {
  const read =
    (report: 'need' | 'want') =>
    <Value>(field: string, parse: (text: string) => Figure<Value>): Value | undefined => {
      const found = Object.hasOwn(entry, field) ? entry[field] : undefined
      const figure = found === undefined || found === null ? undefined : parse(textOf(found))
      if (figure !== 'invalid') return figure
      const path = [...place.path, field]
      const at = { line: lineOf({ ...place, path }), field: writePath(path), detail: textOf(found) }
      if (report === 'need') place.notes.refuse('value-invalid', at)
      else place.notes.warn('value-ignored', at)
      return undefined
    }
  return { need: read('need'), want: read('want') }
}
