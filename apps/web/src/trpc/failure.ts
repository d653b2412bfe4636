import type { AppRouter } from '@berth/api'
import { isTRPCClientError } from '@trpc/client'

export interface Failure {
  readonly message: string
  /** What of the input is at fault, one line each. */
  readonly fields: readonly string[]
}

/** What to tell the user about an error: the API's own sentence, or that it could not be reached. */
export function failureOf(error: unknown): Failure {
  if (isTRPCClientError<AppRouter>(error) && error.data) {
    const { problem } = error.data
    return { message: problem.detail, fields: (problem.fields ?? []).map(({ path, message }) => `${path} ${message}`) }
  }
  return { message: 'The server could not be reached. Nothing was changed.', fields: [] }
}

/** The API's code of an error, such as `in-use`; undefined where it did not answer. */
export const failureCode = (error: unknown): string | undefined =>
  isTRPCClientError<AppRouter>(error) ? error.data?.problem.code : undefined
