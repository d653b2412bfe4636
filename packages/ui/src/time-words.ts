const format = (options: Intl.DateTimeFormatOptions) => {
  const formatter = new Intl.DateTimeFormat('en-GB', options)
  return (at: number): string => formatter.format(at)
}

/** A moment on the reader's own clock: "23 Nov 2026, 09:00". */
export const momentWords = format({
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** From when to when, the second date left out on the same day; without an end it is open-ended. */
export function windowWords(startsAt: number, endsAt: number | undefined): string {
  if (endsAt === undefined) return `${momentWords(startsAt)} → open-ended`
  const [start, end] = [momentWords(startsAt), momentWords(endsAt)]
  const [day] = start.split(', ')
  return `${start} → ${end.startsWith(`${day},`) ? end.slice(day!.length + 2) : end}`
}

/** The reader's zone by name and by its distance from UTC: "Europe/Berlin, GMT+1". */
export function zoneWords(at: number): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(at)
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
  const short = parts.find(({ type }) => type === 'timeZoneName')?.value
  return short === undefined || short === timeZone ? timeZone : `${timeZone}, ${short}`
}
