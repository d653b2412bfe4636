import type { DriftSeverity } from '@berth/core'
import type { BadgeTone } from '@berth/ui/badge'
import type { DriftList } from '../../trpc/types.ts'

/** How a severity is shown in a row. */
export const driftBadges = {
  breaks: { word: 'Broken', tone: 'bad' },
  'may-break': { word: 'May break', tone: 'tight' },
  info: { word: 'Changed', tone: 'neutral' },
} as const satisfies Record<DriftSeverity, { readonly word: string; readonly tone: BadgeTone }>

const plans = (count: number): string => `${count} saved ${count === 1 ? 'plan' : 'plans'}`

/** "1 saved plan cannot start as it was saved, 2 may not"; undefined where all of them hold. */
export function driftedSentence({ breaks, 'may-break': mayBreak }: DriftList['counts']): string | undefined {
  if (breaks > 0) {
    const others = mayBreak > 0 ? `, ${mayBreak} may not` : ''
    return `${plans(breaks)} cannot start as ${breaks === 1 ? 'it was' : 'they were'} saved${others}`
  }
  return mayBreak > 0
    ? `${plans(mayBreak)} may not start as ${mayBreak === 1 ? 'it was' : 'they were'} saved`
    : undefined
}
