/** A stretch of time, `to` excluded; both in ms since 1970. */
export interface TimeSpan {
  readonly from: number
  readonly to: number
}

/** How much of time an axis shows. */
export const timeZooms = ['day', 'week', 'month', 'quarter'] as const
export type TimeZoom = (typeof timeZooms)[number]

export interface TimeTick {
  readonly at: number
  readonly label: string
  /** Left out where the axis is narrow. */
  readonly minor: boolean
}

/** Days of a week begin on Monday, as ISO 8601 counts them. */
const sinceMonday = (date: Date): number => (date.getDay() + 6) % 7

/*
 * Days are counted on the reader's own calendar: a day of 23 or 25 hours, when clocks are changed, is one day.
 */
const dayOf = (date: Date, days: number): Date => new Date(date.getFullYear(), date.getMonth(), date.getDate() + days)
const monthOf = (date: Date, months: number): Date => new Date(date.getFullYear(), date.getMonth() + months, 1)

const starts = {
  day: (date) => dayOf(date, 0),
  week: (date) => dayOf(date, -sinceMonday(date)),
  month: (date) => monthOf(date, 0),
  quarter: (date) => monthOf(date, -(date.getMonth() % 3)),
} as const satisfies Record<TimeZoom, (date: Date) => Date>

const moves = {
  day: (start, by) => dayOf(start, by),
  week: (start, by) => dayOf(start, 7 * by),
  month: (start, by) => monthOf(start, by),
  quarter: (start, by) => monthOf(start, 3 * by),
} as const satisfies Record<TimeZoom, (start: Date, by: number) => Date>

/** The whole day, week, month or quarter that a moment lies in, moved by so many of them. */
export function spanOf(zoom: TimeZoom, at: number, by = 0): TimeSpan {
  const start = moves[zoom](starts[zoom](new Date(at)), by)
  return { from: start.getTime(), to: moves[zoom](start, 1).getTime() }
}

/** Where a moment lies in a span, from 0 to 1; what lies outside is drawn at the edge. */
export const shareOf = (at: number, { from, to }: TimeSpan): number =>
  Math.min(1, Math.max(0, (at - from) / (to - from)))

const HOURS = [0, 3, 6, 9, 12, 15, 18, 21] as const
/** Every so many days of a month are a line: with one a day they would run into each other. */
const MONTH_DAYS = [1, 4, 7, 10, 13, 16, 19, 22, 25, 28] as const
const QUARTER_DAYS = [1, 8, 15, 22] as const

const formatter = (options: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat('en-GB', options)
  return (date: Date): string => format.format(date)
}
const hourWords = formatter({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const weekdayWords = formatter({ weekday: 'short', day: 'numeric' })
const dayWords = formatter({ day: 'numeric', month: 'short' })

const tick = (date: Date, label: string, index: number): TimeTick => ({
  at: date.getTime(),
  label,
  minor: index % 2 === 1,
})

/** Lines of an axis, at full hours or at the beginning of days. */
export function ticksOf(zoom: TimeZoom, span: TimeSpan): readonly TimeTick[] {
  const start = new Date(span.from)
  const [year, month, day] = [start.getFullYear(), start.getMonth(), start.getDate()]
  switch (zoom) {
    case 'day':
      return HOURS.map((hour) => new Date(year, month, day, hour)).map((date, at) => tick(date, hourWords(date), at))
    case 'week':
      return Array.from({ length: 7 }, (_, at) => dayOf(start, at)).map((date, at) =>
        tick(date, weekdayWords(date), at),
      )
    case 'month':
      return MONTH_DAYS.map((one) => new Date(year, month, one))
        .filter((date) => date.getTime() < span.to)
        .map((date, at) => tick(date, dayWords(date), at))
    case 'quarter':
      return [0, 1, 2]
        .flatMap((later) => QUARTER_DAYS.map((one) => new Date(year, month + later, one)))
        .map((date, at) => tick(date, dayWords(date), at))
  }
}

const longDay = formatter({ weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' })
const monthAndYear = formatter({ month: 'long', year: 'numeric' })

/** What a span is called: "23 – 29 November 2026". */
export function spanTitle(zoom: TimeZoom, { from, to }: TimeSpan): string {
  const [first, last] = [new Date(from), dayOf(new Date(to), -1)]
  switch (zoom) {
    case 'day':
      return longDay(first)
    case 'week':
      return `${first.getMonth() === last.getMonth() ? first.getDate() : dayWords(first)} – ${dayWords(last)} ${last.getFullYear()}`
    case 'month':
      return monthAndYear(first)
    case 'quarter':
      return `Quarter ${Math.floor(first.getMonth() / 3) + 1} of ${first.getFullYear()}`
  }
}
