import type { DriftSeverity } from '@berth/core'
import type { BadgeTone } from '@berth/ui/badge'
import type { DriftList } from '../../trpc/types.ts'

/** How a severity is shown in a row. */
export const driftBadges = {
  breaks: { word: 'Broken', tone: 'bad' },
  'may-break': { word: 'May break', tone: 'tight' },
  info: { word: 'Changed', tone: 'neutral' },
} as const satisfies Record<DriftSeverity, { readonly word: string; readonly tone: BadgeTone }>

type Counts = DriftList['counts']

const count = (number: number, noun: string): readonly string[] =>
  number === 0 ? [] : [`${number} ${noun}${number === 1 ? '' : 's'}`]

const subject = ({ plan, reservation }: Counts, severity: DriftSeverity): string =>
  [...count(reservation[severity], 'reservation'), ...count(plan[severity], 'saved plan')].join(' and ')

const inAll = ({ plan, reservation }: Counts, severity: DriftSeverity): number => plan[severity] + reservation[severity]

/** "1 saved plan cannot start as it was made, 2 may not"; undefined where all of them hold. */
export function driftedSentence(counts: Counts): string | undefined {
  const [breaks, mayBreak] = [inAll(counts, 'breaks'), inAll(counts, 'may-break')]
  const made = (number: number): string => (number === 1 ? 'as it was made' : 'as they were made')
  if (breaks > 0) {
    const others = mayBreak > 0 ? `, ${mayBreak} may not` : ''
    return `${subject(counts, 'breaks')} cannot start ${made(breaks)}${others}`
  }
  return mayBreak > 0 ? `${subject(counts, 'may-break')} may not start ${made(mayBreak)}` : undefined
}

/** How many are more than to know. */
export const driftedCount = (counts: Counts): number => inAll(counts, 'breaks') + inAll(counts, 'may-break')
