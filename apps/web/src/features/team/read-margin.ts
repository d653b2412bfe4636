import { inputLimits } from '../plan/plan-inputs.ts'

export type MarginText =
  | { readonly ok: true; readonly mib: number | null }
  | { readonly ok: false; readonly message: string }

const { min, max } = inputLimits.marginMebibytes

/** A number of MiB, or nothing for the engine's own margin. */
export function readMargin(text: string): MarginText {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: true, mib: null }
  const mib = /^\d{1,6}$/.test(trimmed) ? Number(trimmed) : Number.NaN
  if (mib >= min && mib <= max) return { ok: true, mib }
  return { ok: false, message: `A whole number from ${min} to ${max}.` }
}
