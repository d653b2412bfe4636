/** A stretch of time, `to` excluded; both in ms since 1970. */
export interface TimeSpan {
  readonly from: number
  readonly to: number
}

/** How much of time an axis shows. */
export const timeZooms = ['day', 'week', 'month', 'quarter'] as const
export type TimeZoom = (typeof timeZooms)[number]

interface Zoom {
  /** Of the longest month, and of the longest three. */
  readonly days: number
  /** Of them before today, where today is shown: what is to come matters more than what was. */
  readonly past: number
  /** Between two lines. */
  readonly step: number
}

const zooms = {
  day: { days: 1, past: 0, step: 1 },
  week: { days: 7, past: 1, step: 1 },
  month: { days: 31, past: 3, step: 3 },
  quarter: { days: 92, past: 7, step: 7 },
} as const satisfies Record<TimeZoom, Zoom>

export interface TimeTick {
  readonly at: number
  readonly label: string
  /** Left out where the axis is narrow. */
  readonly minor: boolean
}

/** Days are counted on the reader's own calendar: one of 23 or 25 hours, when clocks are changed, is one day. */
const dayAfter = (date: Date, days: number): Date =>
  new Date(date.getFullYear(), date.getMonth(), date.getDate() + days)

const spanFrom = (zoom: TimeZoom, start: Date): TimeSpan => ({
  from: start.getTime(),
  to: dayAfter(start, zooms[zoom].days).getTime(),
})

/** A span that begins with the day of a moment. */
export const spanOf = (zoom: TimeZoom, at: number): TimeSpan => spanFrom(zoom, dayAfter(new Date(at), 0))

/** The span that shows the day of a moment, with a little of what was before. */
export const spanAround = (zoom: TimeZoom, at: number): TimeSpan =>
  spanFrom(zoom, dayAfter(new Date(at), -zooms[zoom].past))

/** The span so many after this one. */
export const movedSpan = (zoom: TimeZoom, { from }: TimeSpan, by: number): TimeSpan =>
  spanFrom(zoom, dayAfter(new Date(from), by * zooms[zoom].days))

/** Where a moment lies in a span, from 0 to 1; what lies outside is drawn at the edge. */
export const shareOf = (at: number, { from, to }: TimeSpan): number =>
  Math.min(1, Math.max(0, (at - from) / (to - from)))

const HOURS = [0, 3, 6, 9, 12, 15, 18, 21] as const

const formatter = (options: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat('en-GB', options)
  return (date: Date): string => format.format(date)
}
const hourWords = formatter({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const weekdayWords = formatter({ weekday: 'short', day: 'numeric' })
const dayWords = formatter({ day: 'numeric', month: 'short' })

/** Lines of an axis, at full hours or at the beginning of days. */
export function ticksOf(zoom: TimeZoom, { from }: TimeSpan): readonly TimeTick[] {
  const start = new Date(from)
  const { days, step } = zooms[zoom]
  const dates =
    zoom === 'day'
      ? HOURS.map((hour) => new Date(start.getFullYear(), start.getMonth(), start.getDate(), hour))
      : Array.from({ length: Math.floor(days / step) }, (_, at) => dayAfter(start, at * step))
  const words = { day: hourWords, week: weekdayWords, month: dayWords, quarter: dayWords }[zoom]
  return dates.map((date, at) => ({ at: date.getTime(), label: words(date), minor: at % 2 === 1 }))
}

const longDayWords = formatter({ weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' })

/** What a span is called: "23 Nov – 29 Nov 2026". */
export function spanTitle(zoom: TimeZoom, { from, to }: TimeSpan): string {
  const [first, last] = [new Date(from), dayAfter(new Date(to), -1)]
  if (zoom === 'day') return longDayWords(first)
  const year = first.getFullYear() === last.getFullYear() ? '' : ` ${first.getFullYear()}`
  return `${dayWords(first)}${year} – ${dayWords(last)} ${last.getFullYear()}`
}
