import { isSourceError } from '@berth/sources'
import { type Exl2ErrorCode, type Exl2Issue, explainIssue } from './issue.ts'

/** The one error of this package: what a caller can act on is in `issue`, what a person reads in `message`. */
export class Exl2Error extends Error {
  override readonly name = 'Exl2Error'
  readonly issue: Exl2Issue

  constructor(issue: Exl2Issue, options?: ErrorOptions) {
    super(explainIssue(issue), options)
    this.issue = issue
  }

  get code(): Exl2ErrorCode {
    return this.issue.code
  }

  /** Everything but the code: which field, which limit, what was found. */
  get fields(): Readonly<Record<string, string | number>> {
    const { code: _, ...fields } = this.issue
    return fields
  }
}

export const isExl2Error = (error: unknown): error is Exl2Error => error instanceof Exl2Error

/** What there is to say of a place that holds no such model at all, rather than one with something wrong. */
export const isNoFolder = (error: unknown): boolean =>
  isExl2Error(error) && (error.code === 'no-config' || error.code === 'no-safetensors')

/** A source's error as this package's own; anything else as it is. */
export const ownError = (error: unknown): unknown =>
  isSourceError(error) ? new Exl2Error(error.issue, { cause: error }) : error
