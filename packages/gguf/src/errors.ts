import { isSourceError } from '@berth/sources'
import { explainIssue, type GgufErrorCode, type GgufIssue } from './issue.ts'

/** The one error of this package: what a caller can act on is in `issue`, what a person reads in `message`. */
export class GgufError extends Error {
  override readonly name = 'GgufError'
  readonly issue: GgufIssue

  constructor(issue: GgufIssue, options?: ErrorOptions) {
    super(explainIssue(issue), options)
    this.issue = issue
  }

  get code(): GgufErrorCode {
    return this.issue.code
  }

  /** Everything but the code: which field, which limit, what was found. */
  get fields(): Readonly<Record<string, string | number | readonly string[]>> {
    const { code: _, ...fields } = this.issue
    return fields
  }
}

export const isGgufError = (error: unknown): error is GgufError => error instanceof GgufError

/** A source's error as this package's own; anything else as it is. */
export const ownError = (error: unknown): unknown =>
  isSourceError(error) ? new GgufError(error.issue, { cause: error }) : error
