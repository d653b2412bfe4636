import { isLive, type ReservationState, reservationStates } from '@berth/core'
import { movedSpan, spanAround, spanOf, type TimeSpan, timeZooms } from '@berth/ui/time-axis'
import {
  createSerializer,
  type inferParserType,
  parseAsBoolean,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server'
import { localInput } from './window-inputs.ts'

/** What a list of reservations shows: those that hold something or will, all, or those of one state. */
export const stateChoices = ['live', 'every', ...reservationStates] as const
export type StateChoice = (typeof stateChoices)[number]

/** The states of a choice; undefined for every one. */
export function statesOf(choice: StateChoice): readonly ReservationState[] | undefined {
  if (choice === 'every') return undefined
  return choice === 'live' ? reservationStates.filter(isLive) : [choice]
}

/** Whose reservations are shown, and of when, as the address holds it. */
export const reservationParsers = {
  /** A machine's identifier. */
  machine: parseAsString,
  owner: parseAsString,
  zoom: parseAsStringLiteral(timeZooms).withDefault('week'),
  /** The first day that is shown, as `2026-11-23`; around today where it is absent. */
  day: parseAsString,
  state: parseAsStringLiteral(stateChoices).withDefault('live'),
  /** Whether the list is of the span alone. */
  within: parseAsBoolean.withDefault(false),
} as const

export const writeReservationQuery = createSerializer(reservationParsers)

export type ReservationQuery = inferParserType<typeof reservationParsers>

/** What is shown of time. Addresses are typed by hand too: what is no day is today. */
export function shownSpan({ zoom, day }: Pick<ReservationQuery, 'zoom' | 'day'>, now: number): TimeSpan {
  const at = day === null ? Number.NaN : new Date(`${day}T12:00`).getTime()
  return Number.isNaN(at) ? spanAround(zoom, now) : spanOf(zoom, at)
}

/** The day to put into the address for the span before or after; null where that is the one around now. */
export function movedDay(query: Pick<ReservationQuery, 'zoom' | 'day'>, by: number, now: number): string | null {
  const { from } = movedSpan(query.zoom, shownSpan(query, now), by)
  return from === spanAround(query.zoom, now).from ? null : dayInput(from)
}

export const dayInput = (at: number): string => localInput(at).slice(0, 10)
