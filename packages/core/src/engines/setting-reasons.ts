import type { RunRequest } from '../memory/settings.ts'
import type { Reason, SettingRefusal } from '../placement/verdict.ts'

/** Above this a margin is a slip of the unit, not a wish. */
const MARGIN_LIMIT = 2 ** 50

/** A setting by its name, its value, and the least and the most that an engine takes. */
export type SettingRange = readonly [setting: string, value: number, minimum: number, maximum: number]

/** The margins' ranges, which are every engine's. */
export const marginRanges = (request: RunRequest): readonly SettingRange[] => [
  ['margin', request.margin, 0, MARGIN_LIMIT],
  ...(request.deviceMargins ?? []).map((margin, at): SettingRange => [`deviceMargins.${at}`, margin, 0, MARGIN_LIMIT]),
]

/** What lies outside of its range, or is no whole number. */
export const rangeReasons = (ranges: readonly SettingRange[]): readonly Reason[] =>
  ranges
    .filter(([, value, minimum, maximum]) => !isWithin(value, minimum, maximum))
    .map(([setting, value, minimum, maximum]) => ({ code: 'value-out-of-range', setting, value, minimum, maximum }))

/** A context beyond the limit has a reason of its own; 0 asks for the trained one. */
export const contextReasons = ({ contextLength: requested }: RunRequest, limit: number): readonly Reason[] =>
  isWithin(requested, 0, limit) ? [] : [{ code: 'context-beyond-limit', requested, limit }]

const isWithin = (value: number, minimum: number, maximum: number): boolean =>
  Number.isInteger(value) && value >= minimum && value <= maximum

/** A setting that is not taken as it was asked. */
export const refuse = (setting: string, value: string, because: SettingRefusal): Reason => ({
  code: 'setting-not-supported',
  setting,
  value,
  because,
})
