import { isLabelKey, MAX_LABEL_VALUE, MAX_LABELS } from '@berth/core'

import { limits } from '../limits.ts'
import type { JsonPath } from './path-line.ts'

type FieldIssueCode = 'value-invalid' | 'field-missing' | 'field-unknown' | 'limit-exceeded'

export interface FieldIssue {
  readonly code: FieldIssueCode
  readonly path: JsonPath
  readonly limit?: number
  readonly detail: string
}

/** Looks at one value; what is wrong with it goes to `report`. */
export type Check = (value: unknown, path: JsonPath, report: (issue: FieldIssue) => void) => void

export interface Field {
  readonly check: Check
  readonly optional?: boolean
}

export type Fields = Readonly<Record<string, Field>>

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > limits.quotedCharacters ? `${text.slice(0, limits.quotedCharacters)}…` : text
}

export const required = (check: Check): Field => ({ check })
export const optional = (check: Check): Field => ({ check, optional: true })

/** A value must satisfy `holds`; `wanted` says in words what that is. */
const must =
  (holds: (value: unknown) => boolean, wanted: string): Check =>
  (value, path, report) => {
    if (!holds(value)) report({ code: 'value-invalid', path, detail: `${show(value)} is not ${wanted}` })
  }

export const text = (limit: number): Check => {
  const isText = must((value) => typeof value === 'string' && value.trim() !== '', 'a text')
  return (value, path, report) => {
    isText(value, path, report)
    if (typeof value === 'string' && value.length > limit) {
      report({ code: 'limit-exceeded', path, limit, detail: `${value.length} characters` })
    }
  }
}

/** Whatever a tool has printed, nothing included. */
export const printed: Check = must((value) => typeof value === 'string', 'a text')

export const wholeNumber = (min: number, max: number): Check =>
  must(
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
    `a whole number from ${min} to ${max}`,
  )

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

export const count: Check = must(isCount, 'a whole number of 0 or more')

export const size: Check = (value, path, report) => {
  must(isCount, 'a size in bytes')(value, path, report)
  if (isCount(value) && value > limits.memoryBytes) {
    report({ code: 'limit-exceeded', path, limit: limits.memoryBytes, detail: `${value} bytes` })
  }
}

export const figure: Check = must(
  (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER,
  'a number of 0 or more',
)

export const flag: Check = must((value) => typeof value === 'boolean', 'true or false')

export const oneOf = (choices: readonly unknown[]): Check =>
  must((value) => choices.includes(value), `one of ${choices.map(show).join(', ')}`)

/** Every field known, every required one there. */
export const object =
  (fields: Fields): Check =>
  (value, path, report) => {
    if (!isRecord(value)) {
      report({ code: 'value-invalid', path, detail: `${show(value)} is not an object` })
      return
    }
    for (const [name, field] of Object.entries(fields)) {
      if (Object.hasOwn(value, name)) field.check(value[name], [...path, name], report)
      else if (field.optional !== true) report({ code: 'field-missing', path: [...path, name], detail: name })
    }
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(fields, name))
        report({ code: 'field-unknown', path: [...path, name], detail: show(value[name]) })
    }
  }

export const list =
  (element: Check, limit: number): Check =>
  (value, path, report) => {
    if (!Array.isArray(value)) {
      report({ code: 'value-invalid', path, detail: `${show(value)} is not a list` })
      return
    }
    if (value.length > limit) {
      report({ code: 'limit-exceeded', path, limit, detail: `${value.length} entries` })
      return
    }
    value.forEach((entry: unknown, place) => element(entry, [...path, place], report))
  }

/** Names and values of labels, within Kubernetes' limits. */
export const labels: Check = (value, path, report) => {
  if (!isRecord(value)) {
    report({ code: 'value-invalid', path, detail: `${show(value)} is not an object` })
    return
  }
  const entries = Object.entries(value)
  if (entries.length > MAX_LABELS) {
    report({ code: 'limit-exceeded', path, limit: MAX_LABELS, detail: `${entries.length} labels` })
    return
  }
  for (const [name, text] of entries) {
    const at = [...path, name]
    if (!isLabelKey(name)) report({ code: 'value-invalid', path: at, detail: `${show(name)} is no name of a label` })
    else if (typeof text !== 'string')
      report({ code: 'value-invalid', path: at, detail: `${show(text)} is not a text` })
    else if (text.trim().length > MAX_LABEL_VALUE) {
      report({ code: 'limit-exceeded', path: at, limit: MAX_LABEL_VALUE, detail: `${text.trim().length} characters` })
    }
  }
}

/** A JSON value as the text a reader expects: strings as they are, all else as JSON writes it. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
