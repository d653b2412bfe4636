/** When a reservation holds, as its fields hold it: both on the reader's own clock, as a `datetime-local` field writes. */
export interface WindowInputs {
  /** Empty: from now on. */
  readonly from: string
  readonly until: string
  readonly openEnded: boolean
}

export interface ReservationWindow {
  /** ISO 8601; undefined: from now on. */
  readonly startsAt: string | undefined
  /** Null: open-ended. */
  readonly endsAt: string | null
}

export type WindowRead =
  | { readonly ok: true; readonly window: ReservationWindow }
  | { readonly ok: false; readonly field: 'from' | 'until'; readonly message: string }

const DAY_MS = 24 * 60 * 60 * 1000

/** Long enough for a trial, short enough not to be forgotten. */
const FIRST_DAYS = 7

/** What a form begins with. */
export const firstWindow = (now: number): WindowInputs => ({
  from: '',
  until: localInput(now + FIRST_DAYS * DAY_MS),
  openEnded: false,
})

const two = (value: number): string => String(value).padStart(2, '0')

/** A moment as `datetime-local` takes it, to the minute. */
export function localInput(at: number): string {
  const date = new Date(at)
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** What is typed, as the API takes it, or which field says something that cannot be. */
export function readWindow({ from, until, openEnded }: WindowInputs, now: number): WindowRead {
  const start = from === '' ? now : new Date(from).getTime()
  if (Number.isNaN(start)) return { ok: false, field: 'from', message: 'It must be a date and a time.' }
  const startsAt = from === '' ? undefined : new Date(start).toISOString()
  if (openEnded) return { ok: true, window: { startsAt, endsAt: null } }
  const end = new Date(until).getTime()
  if (Number.isNaN(end))
    return { ok: false, field: 'until', message: 'Give a date and a time, or leave it open-ended.' }
  if (end <= start) return { ok: false, field: 'until', message: 'It must be later than the beginning.' }
  if (end <= now) return { ok: false, field: 'until', message: 'This is over already.' }
  return { ok: true, window: { startsAt, endsAt: new Date(end).toISOString() } }
}
