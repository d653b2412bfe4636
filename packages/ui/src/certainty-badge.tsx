import type { Certainty } from '@berth/core'
import { Badge, type BadgeTone } from './badge.tsx'

const words = {
  exact: { sign: '=', word: 'exact', tone: 'neutral', tip: 'The engine’s own figure, to the byte.' },
  'upper-bound': {
    sign: '≤',
    word: 'upper bound',
    tone: 'accent',
    tip: 'The engine takes this much or less, never more.',
  },
  assumed: {
    sign: '≈',
    word: 'assumed',
    tone: 'tight',
    tip: 'A cautious guess: what would settle it is not known.',
  },
} as const satisfies Record<Certainty, { sign: string; word: string; tone: BadgeTone; tip: string }>

/** How sure a figure is: sign and word, never a colour alone. `compact` keeps the sign and speaks the word. */
export function CertaintyBadge({
  certainty,
  compact = false,
}: {
  readonly certainty: Certainty
  readonly compact?: boolean
}) {
  const { sign, word, tone, tip } = words[certainty]
  return (
    <Badge tone={tone} data-tip={compact ? `${word}: ${tip}` : tip}>
      <span aria-hidden>{sign}</span>
      <span className={compact ? 'sr-only' : undefined}>{word}</span>
    </Badge>
  )
}
