import type { z } from 'zod'
import type { writtenReservation } from '../../src/reservation/schema.ts'

export type Written = z.output<typeof writtenReservation>

/** What one client did, as it knows of it. */
export type Event =
  /** The server said that it is done. */
  | { readonly kind: 'acknowledged'; readonly reservation: Written; readonly released: boolean }
  /** The server died over it: it is done or not. */
  | { readonly kind: 'unknown'; readonly id: string }
  /** The same of one that was being made. */
  | { readonly kind: 'unknown-new'; readonly purpose: string }

export interface Tally {
  operations: number
  granted: number
  refused: number
  retries: number
  unknown: number
}

/** What all clients recorded. */
export interface History {
  readonly events: Event[]
  readonly tally: Tally
  /** Answers that no client should get. */
  readonly faults: string[]
}

export const emptyHistory = (): History => ({
  events: [],
  tally: { operations: 0, granted: 0, refused: 0, retries: 0, unknown: 0 },
  faults: [],
})
