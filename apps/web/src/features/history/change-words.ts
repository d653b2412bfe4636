import type { ChangeView } from '../../trpc/types.ts'

type Action = ChangeView['action']

/** What was done, as a heading. */
export const actionWords = {
  created: 'Added',
  imported: 'Imported again',
  reported: 'Reported',
  updated: 'Edited',
  overridden: 'Set by hand',
  restored: 'Back to what was read',
  'device-forgotten': 'GPU forgotten',
  removed: 'Removed',
  reserved: 'Reserved',
  'reservation-changed': 'Reservation changed',
  'reservation-released': 'Reservation released',
} as const satisfies Record<Action, string>

/** Which way it was done: "on the page", "by the API", or by whatever it calls itself. */
export function sourceWords(source: string): string {
  if (source === 'page') return 'on the page'
  return source === 'api' ? 'by the API' : `by ${source}`
}
