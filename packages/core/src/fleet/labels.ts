import { fail, ok, type Result } from '../result.ts'

/** Name and value, as Kubernetes has them; a value may hold spaces, for it is read by people. */
export type Labels = Readonly<Record<string, string>>

/** Kubernetes' own limits for labels, so that those of its nodes can be taken over as they are. */
export const LABEL_KEY = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/
export const MAX_LABEL_VALUE = 63
/** More are not told apart by a person; a node of Kubernetes has about 60. */
export const MAX_LABELS = 100

export const isLabelKey = (text: string): boolean => LABEL_KEY.test(text)

/** What of a machine's labels is asked for, as a selector of Kubernetes. */
export type LabelSelector =
  | { readonly key: string; readonly is: 'present' | 'absent' }
  | { readonly key: string; readonly is: 'equal' | 'different'; readonly value: string }

/** `key`, `!key`, `key=value` (or `==`) and `key!=value`; undefined for what is none of them. */
export function readLabelSelector(text: string): LabelSelector | undefined {
  const [, key = '', sign, value = ''] = /^([^=!]+?)\s*(==|!=|=)(.*)$/s.exec(text.trim()) ?? []
  if (sign !== undefined) {
    const wanted = value.trim()
    if (!isLabelKey(key) || wanted.length > MAX_LABEL_VALUE) return undefined
    return { key, is: sign === '!=' ? 'different' : 'equal', value: wanted }
  }
  const name = text.trim().replace(/^!\s*/, '')
  if (!isLabelKey(name)) return undefined
  return { key: name, is: text.trim().startsWith('!') ? 'absent' : 'present' }
}

/** As `readLabelSelector` reads it back. */
export function writeLabelSelector(selector: LabelSelector): string {
  switch (selector.is) {
    case 'present':
      return selector.key
    case 'absent':
      return `!${selector.key}`
    case 'equal':
      return `${selector.key}=${selector.value}`
    case 'different':
      return `${selector.key}!=${selector.value}`
  }
}

/** As in Kubernetes, what has no such label also has another value than the one named. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  const value = Object.hasOwn(labels, selector.key) ? labels[selector.key] : undefined
  switch (selector.is) {
    case 'present':
      return value !== undefined
    case 'absent':
      return value === undefined
    case 'equal':
      return value === selector.value
    case 'different':
      return value !== selector.value
  }
}

/** In the order of their names; `key` alone where the value is empty. */
const pairsOf = (labels: Labels): readonly string[] =>
  Object.keys(labels)
    .toSorted()
    .map((key) => (labels[key] === '' ? key : `${key}=${(labels[key] ?? '').replaceAll(/[\\;]/g, String.raw`\$&`)}`))

/** Labels in one line, as a cell of a table holds them: `rack=a;tier=gold`. A `;` of a value stands behind a `\`. */
export const writeLabels = (labels: Labels): string => pairsOf(labels).join(';')

export interface LabelsIssue {
  readonly code: 'key-invalid' | 'value-too-long' | 'twice' | 'too-many'
  /** What is at fault, as it was written. */
  readonly text: string
}

/** The inverse of `writeLabels`; a person may also write each on a line of its own. */
export function readLabels(text: string): Result<Labels, LabelsIssue> {
  const labels = new Map<string, string>()
  for (const part of text.match(/(?:\\.|[^\\;\n]|\\$)+/g) ?? []) {
    const pair = part.trim()
    if (pair === '') continue
    const at = pair.includes('=') ? pair.indexOf('=') : pair.length
    const key = pair.slice(0, at).trim()
    const value = pair
      .slice(at + 1)
      .trim()
      .replaceAll(/\\(.)/g, '$1')
    const code = issueOf(key, value, labels)
    if (code !== undefined) return fail({ code, text: pair })
    labels.set(key, value)
  }
  return labels.size > MAX_LABELS ? fail({ code: 'too-many', text: `${labels.size}` }) : ok(Object.fromEntries(labels))
}

function issueOf(key: string, value: string, taken: ReadonlyMap<string, string>): LabelsIssue['code'] | undefined {
  if (!isLabelKey(key)) return 'key-invalid'
  if (value.length > MAX_LABEL_VALUE) return 'value-too-long'
  return taken.has(key) ? 'twice' : undefined
}

/** One sentence. */
export function explainLabelsIssue({ code, text }: LabelsIssue): string {
  switch (code) {
    case 'key-invalid':
      return `“${text}” is no label: a name of letters, digits, “.”, “_” and “-”, then “=” and the value.`
    case 'value-too-long':
      return `“${text}” has more than ${MAX_LABEL_VALUE} characters in its value.`
    case 'twice':
      return `“${text}” names a label that another part names too.`
    case 'too-many':
      return `${text} labels are more than ${MAX_LABELS}.`
  }
}
