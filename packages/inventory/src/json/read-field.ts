import type { FieldReader } from '../field-reader.ts'
import { readerOf } from '../field-reader.ts'
import type { Section } from '../formats/format.ts'
import type { Notes } from '../notes.ts'
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
export const readFields = (entry: JsonFields, place: JsonPlace): FieldReader<string> =>
  readerOf((field) => {
    const found = Object.hasOwn(entry, field) ? entry[field] : undefined
    if (found === undefined || found === null) return undefined
    const path = [...place.path, field]
    return { text: textOf(found), place: () => ({ line: lineOf({ ...place, path }), field: writePath(path) }) }
  }, place.notes)
