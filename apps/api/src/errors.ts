import type { DescribeIssue, Exl2DescribeIssue } from '@berth/core'
import type { Exl2ErrorCode } from '@berth/exl2'
import type { GgufErrorCode } from '@berth/gguf'
import type { InventoryIssue } from '@berth/inventory'

/** Every way this API says no. The readers' own codes keep their names behind the reader's. */
export type ErrorCode =
  | OwnErrorCode
  | `gguf-${GgufErrorCode}`
  | `exl2-${Exl2ErrorCode}`
  | `inventory-${InventoryIssue['code']}`
  | `describe-${(DescribeIssue | Exl2DescribeIssue)['code']}`

export type OwnErrorCode = keyof typeof own

interface Entry {
  readonly status: number
  readonly title: string
}

const own = {
  'invalid-input': { status: 400, title: 'The input is not what the operation takes' },
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'bad-request': { status: 400, title: 'The request is not valid' },
  'token-refused': { status: 401, title: 'A valid registration token is needed' },
  'cross-site-request': { status: 403, title: 'Changes are not taken from other sites' },
  'host-not-allowed': { status: 403, title: 'The server does not answer to this host name' },
  'path-not-allowed': { status: 403, title: 'The file lies outside the folders that may be read' },
  'not-found': { status: 404, title: 'There is no such thing here' },
  'method-not-allowed': { status: 405, title: 'The path does not take this method' },
  'name-taken': { status: 409, title: 'The name is taken' },
  'in-use': { status: 409, title: 'Something else still refers to it' },
  conflict: { status: 409, title: 'Somebody else changed it at the same time' },
  'reservation-conflict': { status: 409, title: 'The memory is reserved already' },
  'reservation-over': { status: 409, title: 'The reservation is over' },
  'stale-index': { status: 409, title: 'The inventory changed since it was looked at' },
  'too-large': { status: 413, title: 'The request is larger than the limit' },
  'unsupported-media-type': { status: 415, title: 'The body has a content type that is not taken' },
  'unknown-model': { status: 422, title: 'The catalogue has no such model or mix' },
  'unknown-gpu': { status: 422, title: 'The catalogue has no such GPU' },
  'edit-not-possible': { status: 422, title: 'The machine cannot be changed so' },
  'format-not-taken': { status: 422, title: 'The operation takes no models of this format' },
  'does-not-fit': { status: 422, title: 'The model does not fit, whatever is reserved' },
  'too-slow': { status: 503, title: 'It took too long' },
  'limit-exceeded': { status: 422, title: 'A limit is exceeded' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  aborted: { status: 499, title: 'The client went away' },
  internal: { status: 500, title: 'The server failed' },
  'web-unavailable': { status: 502, title: 'The web app does not answer' },
  'not-ready': { status: 503, title: 'The server is starting or stopping' },
  busy: { status: 503, title: 'The database is busy' },
  'storage-full': { status: 507, title: 'The disk is full' },
} as const satisfies Record<string, Entry>

/** Ours to answer for: what was sent cannot be read. */
const unreadable = { status: 422, title: 'The model cannot be read' } as const
/** The other server's fault, or the network's. */
const upstream = { status: 502, title: 'The server that holds the model failed' } as const

/** What the files and the hub answer, whatever the format. */
const source = {
  'truncated-data': unreadable,
  'duplicate-tensor': unreadable,
  'truncated-header': unreadable,
  'header-too-large': unreadable,
  'limit-exceeded': unreadable,
  'bad-key': unreadable,
  'bad-dimensions': unreadable,
  'bad-tensor-offset': unreadable,
  'missing-shard': unreadable,
  'bad-address': { status: 400, title: 'This is not the address of a model' },
  'address-refused': { status: 403, title: 'The address may not be fetched' },
  'not-found': { status: 422, title: 'There is nothing at this address' },
  'not-readable': unreadable,
  unauthorized: { status: 422, title: 'The address needs a token' },
  forbidden: { status: 422, title: 'The address refuses access' },
  'range-not-satisfiable': upstream,
  'rate-limited': { status: 503, title: 'The server that holds the model asks to wait' },
  'server-error': upstream,
  'unexpected-status': upstream,
  'range-ignored': upstream,
  'bad-range-answer': upstream,
  'changed-during-read': { status: 409, title: 'The file changed while it was read' },
  'connection-failed': upstream,
  'connection-closed': upstream,
  timeout: { status: 504, title: 'The server that holds the model is too slow' },
  'too-many-redirects': upstream,
  'bad-redirect': upstream,
  aborted: own.aborted,
  'repo-not-found': { status: 422, title: 'There is no such repository' },
  'repo-gated': { status: 422, title: 'The repository needs a token with access' },
  'bad-hub-answer': upstream,
} as const satisfies Partial<Record<GgufErrorCode & Exl2ErrorCode, Entry>>

const gguf = {
  ...source,
  'not-gguf': unreadable,
  'big-endian': unreadable,
  'unsupported-version': unreadable,
  'too-slow': unreadable,
  undecodable: unreadable,
  'duplicate-key': unreadable,
  'unknown-value-type': unreadable,
  'nested-array': unreadable,
  'number-too-large': unreadable,
  'bad-alignment': unreadable,
  'bad-trimmed-entry': unreadable,
  'bad-tensor-name': unreadable,
  'unknown-tensor-type': unreadable,
  'partial-block': unreadable,
  'tensor-too-large': unreadable,
  'shard-mismatch': unreadable,
  'no-gguf-in-repo': { status: 422, title: 'The repository holds no GGUF model' },
  'quant-not-found': { status: 422, title: 'The repository has no such quantization' },
  'quant-needed': { status: 422, title: 'The repository holds several quantizations' },
  'quant-ambiguous': { status: 422, title: 'Several models fit' },
} as const satisfies Record<GgufErrorCode, Entry>

const exl2 = {
  ...source,
  'no-config': unreadable,
  'no-safetensors': unreadable,
  'trailing-data': unreadable,
  'not-safetensors': unreadable,
  'not-json': unreadable,
  'not-an-object': unreadable,
  'bad-tensor': unreadable,
  'unknown-dtype': unreadable,
  'size-mismatch': unreadable,
} as const satisfies Record<Exl2ErrorCode, Entry>

const undescribable = { status: 422, title: 'The header does not describe a model that can be planned' } as const

const describe = {
  'missing-key': undescribable,
  'bad-value': undescribable,
  'missing-tensor': undescribable,
  'not-a-language-model': undescribable,
  'shapes-do-not-match': undescribable,
  'bad-shape': undescribable,
  'not-exl2': undescribable,
  'mixed-formats': undescribable,
} as const satisfies Record<(DescribeIssue | Exl2DescribeIssue)['code'], Entry>

const notReadable = { status: 422, title: 'The machine cannot be read' } as const

const inventory = {
  empty: notReadable,
  'limit-exceeded': { status: 413, title: 'There is more in it than the limit' },
  unrecognised: notReadable,
  truncated: notReadable,
  malformed: notReadable,
  'dtd-refused': notReadable,
  'header-missing': notReadable,
  'value-invalid': notReadable,
  'field-missing': notReadable,
  'field-unknown': notReadable,
  'version-unsupported': notReadable,
  'host-ambiguous': notReadable,
  'duplicate-device': notReadable,
  'duplicate-machine': notReadable,
  'tool-failed': notReadable,
  'no-devices': notReadable,
  'host-not-named': notReadable,
} as const satisfies Record<InventoryIssue['code'], Entry>

const withPrefix = <Code extends string, Prefix extends string>(prefix: Prefix, entries: Record<Code, Entry>) =>
  Object.fromEntries(Object.entries<Entry>(entries).map(([code, entry]) => [`${prefix}-${code}`, entry])) as Record<
    `${Prefix}-${Code}`,
    Entry
  >

/** The one table from codes to statuses. */
export const errorTable: Readonly<Record<ErrorCode, Entry>> = {
  ...own,
  ...withPrefix('gguf', gguf),
  ...withPrefix('exl2', exl2),
  ...withPrefix('inventory', inventory),
  ...withPrefix('describe', describe),
}

/** One part of the input that is at fault. */
export interface FieldProblem {
  /** Where in the input, as `devices[0].name`. */
  readonly path: string
  readonly message: string
}

/** RFC 9457, with a code to act on and the id under which the server's log has more. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode
  readonly requestId: string
  readonly fields?: readonly FieldProblem[]
  /** What the code is about: the limit, the line, the key … */
  readonly data?: Readonly<Record<string, unknown>>
}

export interface ApiErrorOptions extends ErrorOptions {
  readonly fields?: readonly FieldProblem[]
  readonly data?: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds?: number
}

/** What a procedure throws to answer with a code of the table. The message is shown to the user. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ErrorCode
  readonly options: ApiErrorOptions

  constructor(code: ErrorCode, message: string, options: ApiErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.options = options
  }

  get status(): number {
    return errorTable[this.code].status
  }
}

export const notFound = (noun: string, id: string): ApiError =>
  new ApiError('not-found', `There is no ${noun} ${id}.`, { data: { noun, id } })

export function problemOf(error: ApiError, requestId: string): Problem {
  const { fields, data } = error.options
  const { status, title } = errorTable[error.code]
  return {
    type: `urn:berth:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    requestId,
    ...(fields === undefined ? {} : { fields }),
    ...(data === undefined ? {} : { data }),
  }
}
