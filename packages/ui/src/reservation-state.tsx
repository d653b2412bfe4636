import type { ReservationState } from '@berth/core'
import { CalendarClock, Hourglass, Lock, LockOpen } from 'lucide-react'
import { Badge, type BadgeTone } from './badge.tsx'

export const reservationLooks = {
  planned: { icon: CalendarClock, word: 'Planned', hint: 'It begins later; its bytes are promised for then.' },
  active: { icon: Lock, word: 'Active', hint: 'Its bytes are promised now.' },
  expired: { icon: Hourglass, word: 'Expired', hint: 'Its time is over; it holds nothing.' },
  released: { icon: LockOpen, word: 'Released', hint: 'It was given back; it holds nothing.' },
} as const satisfies Record<
  ReservationState,
  { readonly icon: typeof Lock; readonly word: string; readonly hint: string }
>

const tones = {
  planned: 'accent',
  active: 'good',
  expired: 'neutral',
  released: 'neutral',
} as const satisfies Record<ReservationState, BadgeTone>

export function ReservationBadge({ state }: { readonly state: ReservationState }) {
  const { icon: Icon, word, hint } = reservationLooks[state]
  return (
    <Badge tone={tones[state]} data-tip={hint}>
      <Icon aria-hidden className="size-3.5" />
      {word}
    </Badge>
  )
}
