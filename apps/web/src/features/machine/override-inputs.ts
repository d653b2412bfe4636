import {
  checkOverride,
  type DeviceFigure,
  explainOverrideIssue,
  type FigureUnit,
  type FigureValue,
  GIB,
  limitsOf,
  type MachineFigure,
  MIB,
} from '@berth/core'

/** Units that a figure may be typed in, and how much each is; the first is the one it is offered in. */
const typedUnits: Partial<Record<FigureUnit, readonly { readonly name: string; readonly factor: number }[]>> = {
  bytes: [
    { name: 'MiB', factor: MIB },
    { name: 'GiB', factor: GIB },
  ],
  'bytes-per-second': [{ name: 'GB/s', factor: 1e9 }],
  'flops-per-second': [{ name: 'TFLOPS', factor: 1e12 }],
  watts: [{ name: 'W', factor: 1 }],
}

type Figure = DeviceFigure | MachineFigure

const unitsFor = (figure: Figure) => typedUnits[limitsOf(figure).unit] ?? []

export const unitNames = (figure: Figure): readonly string[] => unitsFor(figure).map(({ name }) => name)

/** What is in a form's fields: as it is typed, and in which unit. */
export interface TypedFigure {
  readonly text: string
  readonly unit: string
}

/** A figure as the form shows it before anything is typed: exactly, in the first unit. */
export function typedFigure(figure: Figure, value: FigureValue | undefined): TypedFigure {
  const [first] = unitsFor(figure)
  const unit = first?.name ?? ''
  if (value === undefined) return { text: '', unit }
  if (typeof value === 'boolean') return { text: value ? 'yes' : 'no', unit }
  return { text: typeof value === 'number' ? String(value / (first?.factor ?? 1)) : value, unit }
}

type Read = { readonly ok: true; readonly value: FigureValue } | { readonly ok: false; readonly message: string }

/** What was typed, in the API's unit, or what is wrong with it. */
export function readFigure(figure: Figure, { text, unit }: TypedFigure): Read {
  const checked = checkOverride(figure, valueOf(figure, text.trim(), unit))
  return checked.ok ? checked : { ok: false, message: `It ${explainOverrideIssue(checked.issue)}.` }
}

/** "24,564" is typed as it is read. */
const THOUSANDS = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/

function valueOf(figure: Figure, text: string, unit: string): FigureValue {
  const limits = limitsOf(figure)
  if (limits.kind === 'flag') return text === 'yes' ? true : text === 'no' ? false : text
  if (limits.kind === 'text') return text
  const plain = THOUSANDS.test(text) ? text.replaceAll(',', '') : text
  if (!/^\d+(?:\.\d+)?$/.test(plain)) return text
  const units = unitsFor(figure)
  if (units.length === 0) return Number(plain)
  return Math.round(Number(plain) * (units.find(({ name }) => name === unit)?.factor ?? Number.NaN))
}
