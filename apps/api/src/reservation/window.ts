import { instant, type TimeWindow } from '@berth/core'
import { ApiError } from '../errors.ts'
import { MAX_WINDOW_YEARS } from './schema.ts'

const MAX_WINDOW_MS = MAX_WINDOW_YEARS * 366 * 24 * 60 * 60 * 1000

interface AskedWindow {
  readonly startsAt?: string | undefined
  readonly endsAt: string | null
}

/**
 * A window as it is asked for, by the server's clock: one that began before begins now.
 *
 * @throws {ApiError} `invalid-input` for one that is empty, over, or further away or longer than machines live.
 */
export function windowFrom({ startsAt, endsAt }: AskedWindow, now: number): TimeWindow {
  const start = startsAt === undefined ? now : Math.max(now, Date.parse(startsAt))
  if (start - now > MAX_WINDOW_MS) throw invalid('startsAt', `must be within ${MAX_WINDOW_YEARS} years`)
  return { start: instant(start), end: endFrom(endsAt, start) }
}

/** @throws {ApiError} `invalid-input` */
export function endFrom(endsAt: string | null, start: number): TimeWindow['end'] {
  if (endsAt === null) return null
  const end = Date.parse(endsAt)
  if (end <= start) throw invalid('endsAt', 'must be after the start, and not past')
  if (end - start > MAX_WINDOW_MS) throw invalid('endsAt', `must be within ${MAX_WINDOW_YEARS} years of the start`)
  return instant(end)
}

export const invalid = (path: string, message: string): ApiError =>
  new ApiError('invalid-input', `${path}: ${message}`, { fields: [{ path, message }] })
