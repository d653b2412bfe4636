const DAY_MS = 24 * 60 * 60 * 1000

/** How long a token may be good for; machines that are set up once report for years. */
export const lifetimes = [
  { id: 'never', label: 'Never', days: undefined },
  { id: '30', label: 'In 30 days', days: 30 },
  { id: '90', label: 'In 90 days', days: 90 },
  { id: '365', label: 'In a year', days: 365 },
] as const

export type LifetimeId = (typeof lifetimes)[number]['id']

/** When a token of that lifetime ends, made at `now` (ms since 1970); null for never. */
export function expiryOf(id: LifetimeId, now: number): string | null {
  const days = lifetimes.find((lifetime) => lifetime.id === id)?.days
  return days === undefined ? null : new Date(now + days * DAY_MS).toISOString()
}
