const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** After this the date says more than a count of days. */
const DATE_AFTER_MS = 14 * DAY_MS

/** How long ago `time` (ISO 8601) was, seen from `now` (ms since 1970). A clock that is ahead of ours reads as now. */
export function since(time: string, now: number): string {
  const age = now - Date.parse(time)
  if (age < MINUTE_MS) return 'just now'
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min ago`
  if (age < DAY_MS) return `${Math.floor(age / HOUR_MS)} h ago`
  if (age < DATE_AFTER_MS) return age < 2 * DAY_MS ? 'yesterday' : `${Math.floor(age / DAY_MS)} days ago`
  return time.slice(0, 10)
}
