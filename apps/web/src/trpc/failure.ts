import type { AppRouter } from '@berth/api'
import { isTRPCClientError } from '@trpc/client'
import type { ReservationConflictView } from './types.ts'

export interface Failure {
  readonly message: string
  /** What of the input is at fault, one line each. */
  readonly fields: readonly string[]
}

/** A no of this server's own, whose message is for the user. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** What to tell the user about an error: the server's own sentence, or that it could not be reached. */
export function failureOf(error: unknown): Failure {
  if (isTRPCClientError<AppRouter>(error) && error.data) {
    const { problem } = error.data
    return { message: problem.detail, fields: (problem.fields ?? []).map(({ path, message }) => `${path} ${message}`) }
  }
  if (error instanceof Refusal) return { message: error.message, fields: [] }
  return { message: 'The server could not be reached. Nothing was changed.', fields: [] }
}

/** Whether reservations are why something cannot go: they are released first, and do not go with it. */
export const heldByReservations = (error: unknown): boolean =>
  isTRPCClientError<AppRouter>(error) && error.data?.problem.data?.['reservations'] !== undefined

/** What other reservations stand in the way, where that is why the API said no. */
export function conflictsOf(error: unknown): readonly ReservationConflictView[] {
  if (failureCode(error) !== 'reservation-conflict' || !isTRPCClientError<AppRouter>(error)) return []
  const conflicts = error.data?.problem.data?.['conflicts']
  // The API is of this version, and its own tests hold what it sends with this code.
  return Array.isArray(conflicts) ? (conflicts as readonly ReservationConflictView[]) : []
}

/** The API's code of an error, such as `in-use`; undefined where it did not answer. */
export const failureCode = (error: unknown): string | undefined =>
  isTRPCClientError<AppRouter>(error) ? error.data?.problem.code : undefined
