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

const SHOWN_CHARACTERS = 80

/** Text from a file, safe to show: without control or direction-changing characters, cut to 80 characters. */
export const shown = (text: string): string => {
  const characters = Array.from(text.slice(0, 2 * SHOWN_CHARACTERS + 2))
  const head = characters.length > SHOWN_CHARACTERS ? `${characters.slice(0, SHOWN_CHARACTERS).join('')}…` : text
  return head.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u{FFFD}')
}

/** A URL without its query, fragment and user: signed URLs carry secrets there. */
export const shownUrl = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`
