import type { Instant } from '../units.ts'
import { endOf, type TimeWindow } from './window.ts'

export const reservationStates = ['planned', 'active', 'expired', 'released'] as const
export type ReservationState = (typeof reservationStates)[number]

/** States are of times alone: nothing has to run for a reservation to begin or to end. */
export function reservationState(
  { window, releasedAt }: { readonly window: TimeWindow; readonly releasedAt: Instant | null },
  now: Instant,
): ReservationState {
  if (releasedAt !== null) return 'released'
  if (now < window.start) return 'planned'
  return now < endOf(window) ? 'active' : 'expired'
}

/** Whether it holds memory, now or later. */
export const isLive = (state: ReservationState): boolean => state === 'planned' || state === 'active'
