/** Everything that can be wrong with an address or a server, as data. Sizes are in bytes. */
export type SourceIssue =
  | { readonly code: 'bad-address'; readonly address: string; readonly problem: string }
  | { readonly code: 'address-refused'; readonly address: string; readonly problem: string }
  | { readonly code: 'not-found'; readonly address: string }
  | { readonly code: 'not-readable'; readonly address: string; readonly problem: string }
  | { readonly code: 'unauthorized'; readonly address: string }
  | { readonly code: 'forbidden'; readonly address: string }
  | { readonly code: 'range-not-satisfiable'; readonly address: string; readonly from: number }
  | { readonly code: 'rate-limited'; readonly address: string; readonly retryAfter: string }
  | { readonly code: 'server-error'; readonly address: string; readonly status: number }
  | { readonly code: 'unexpected-status'; readonly address: string; readonly status: number }
  | { readonly code: 'range-ignored'; readonly address: string; readonly from: number }
  | { readonly code: 'bad-range-answer'; readonly address: string; readonly problem: string }
  | { readonly code: 'changed-during-read'; readonly address: string; readonly problem: string }
  | { readonly code: 'connection-failed'; readonly address: string; readonly problem: string }
  | {
      readonly code: 'connection-closed'
      readonly address: string
      readonly received: number
      readonly expected: number | 'unknown'
    }
  | {
      readonly code: 'timeout'
      readonly address: string
      readonly phase: 'response' | 'body' | 'total'
      readonly limitMs: number
    }
  | { readonly code: 'too-many-redirects'; readonly address: string; readonly limit: number }
  | { readonly code: 'bad-redirect'; readonly address: string; readonly problem: string }
  | { readonly code: 'aborted'; readonly address: string }
  | { readonly code: 'repo-not-found'; readonly repo: string }
  | { readonly code: 'repo-gated'; readonly repo: string; readonly status: number }
  | { readonly code: 'bad-hub-answer'; readonly repo: string; readonly problem: string }

export type SourceErrorCode = SourceIssue['code']

type Sentences = { readonly [Code in SourceErrorCode]: (issue: Extract<SourceIssue, { code: Code }>) => string }

/** One sentence a code; a reader adds its own to these. */
export const sourceSentences: Sentences = {
  'bad-address': ({ address, problem }) => `${address} is not an address of a model: ${problem}.`,
  'address-refused': ({ address, problem }) => `${address} is refused: ${problem}.`,
  'not-found': ({ address }) => `${address} does not exist.`,
  'not-readable': ({ address, problem }) => `${address} cannot be read: ${problem}.`,
  unauthorized: ({ address }) => `${address} needs a token (401).`,
  forbidden: ({ address }) => `${address} is forbidden (403).`,
  'range-not-satisfiable': ({ address, from }) => `${address} has no bytes from ${from} on (416).`,
  'rate-limited': ({ address, retryAfter }) => `${address}: too many requests (429), retry after ${retryAfter}.`,
  'server-error': ({ address, status }) => `${address}: the server failed with status ${status}.`,
  'unexpected-status': ({ address, status }) => `${address} answered with status ${status}.`,
  'range-ignored': ({ address, from }) => `${address} ignored the request for bytes from ${from} on.`,
  'bad-range-answer': ({ address, problem }) => `${address} answered a range request wrongly: ${problem}.`,
  'changed-during-read': ({ address, problem }) => `${address} changed while it was read: ${problem}.`,
  'connection-failed': ({ address, problem }) => `${address} cannot be reached: ${problem}.`,
  'connection-closed': ({ address, received, expected }) =>
    `${address}: the connection closed after ${received} of ${expected} bytes.`,
  timeout: ({ address, phase, limitMs }) => `${address}: no ${timeoutSubject[phase]} within ${limitMs} ms.`,
  'too-many-redirects': ({ address, limit }) => `${address} redirects more than ${limit} times.`,
  'bad-redirect': ({ address, problem }) => `${address} redirects wrongly: ${problem}.`,
  aborted: ({ address }) => `Reading ${address} was aborted.`,
  'repo-not-found': ({ repo }) => `Repository ${repo} does not exist.`,
  'repo-gated': ({ repo, status }) =>
    `Repository ${repo} is gated, private or does not exist (${status}); a token with access is needed.`,
  'bad-hub-answer': ({ repo, problem }) => `The file list of ${repo} cannot be read: ${problem}.`,
}

const timeoutSubject = { response: 'answer', body: 'more data', total: 'complete header' } as const

const explain = <Code extends SourceErrorCode>(issue: Extract<SourceIssue, { code: Code }>): string =>
  sourceSentences[issue.code](issue)

/** What a source throws. A reader turns it into an error of its own, so that its callers know one error only. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly issue: SourceIssue

  constructor(issue: SourceIssue, options?: ErrorOptions) {
    super(explain(issue), options)
    this.issue = issue
  }

  get code(): SourceErrorCode {
    return this.issue.code
  }
}

export const isSourceError = (error: unknown): error is SourceError => error instanceof SourceError
