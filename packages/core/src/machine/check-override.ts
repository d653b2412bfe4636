import { fail, ok, type Result } from '../result.ts'
import { type DeviceFigure, type FigureLimits, type FigureValue, limitsOf, type MachineFigure } from './figures.ts'
import type { Device, Machine } from './machine.ts'
import { isCutIntoSlices } from './mig.ts'

export type OverrideIssue =
  | { readonly code: 'not-a-number' | 'not-whole' | 'not-a-flag' | 'not-a-text' }
  | { readonly code: 'too-small' | 'too-large'; readonly limit: number; readonly limits: FigureLimits }
  | { readonly code: 'not-a-choice'; readonly choices: readonly number[] }

/** What a figure would be set to, or what is wrong with it. */
export function checkOverride(
  figure: DeviceFigure | MachineFigure,
  value: FigureValue,
): Result<FigureValue, OverrideIssue> {
  const limits = limitsOf(figure)
  switch (limits.kind) {
    case 'number':
      return typeof value === 'number' ? checkNumber(limits, value) : fail({ code: 'not-a-number' })
    case 'flag':
      return typeof value === 'boolean' ? ok(value) : fail({ code: 'not-a-flag' })
    case 'text':
      return typeof value === 'string' && limits.pattern.test(value) ? ok(value) : fail({ code: 'not-a-text' })
  }
}

function checkNumber(
  limits: Extract<FigureLimits, { readonly kind: 'number' }>,
  value: number,
): Result<number, OverrideIssue> {
  const { min, max, whole, choices } = limits
  if (!Number.isFinite(value)) return fail({ code: 'not-a-number' })
  if (value < min) return fail({ code: 'too-small', limit: min, limits })
  if (value > max) return fail({ code: 'too-large', limit: max, limits })
  if (whole && !Number.isInteger(value)) return fail({ code: 'not-whole' })
  return choices === undefined || choices.includes(value) ? ok(value) : fail({ code: 'not-a-choice', choices })
}

/** Why a figure of a device is of no use to set; undefined where it is of use. */
export const overrideRefusal = (
  device: Device,
  machine: Pick<Machine, 'devices'>,
  figure: DeviceFigure,
): 'cut-into-slices' | undefined =>
  figure.startsWith('memory.') && isCutIntoSlices(device, machine) ? 'cut-into-slices' : undefined
