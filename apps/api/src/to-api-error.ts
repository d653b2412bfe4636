import type { FastifyError } from 'fastify'
import { isExl2Error } from '@berth/exl2'
import { isGgufError } from '@berth/gguf'
import { TRPCError } from '@trpc/server'
import { ApiError, type FieldProblem, type OwnErrorCode } from './errors.ts'

/** How many faults of one input are listed; a hostile input can have as many as it has fields. */
const MAX_FIELDS = 20

/** Whatever was thrown, as an error that may be shown. What is not recognised is `internal`, and says nothing of itself. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof TRPCError) return fromTrpc(error)
  if (isGgufError(error)) {
    return new ApiError(`gguf-${error.code}`, error.message, { cause: error, data: error.fields })
  }
  if (isExl2Error(error)) {
    return new ApiError(`exl2-${error.code}`, error.message, { cause: error, data: error.fields })
  }
  return fromDatabase(error) ?? fromFastify(error) ?? internal(error)
}

const internal = (cause: unknown): ApiError =>
  new ApiError('internal', 'The server failed. Its log says more under the request id.', { cause })

/** What tRPC finds wrong before, or instead of, a procedure. */
const trpcCodes: Partial<Record<TRPCError['code'], OwnErrorCode>> = {
  PARSE_ERROR: 'malformed-json',
  BAD_REQUEST: 'bad-request',
  NOT_FOUND: 'not-found',
  METHOD_NOT_SUPPORTED: 'method-not-allowed',
  PAYLOAD_TOO_LARGE: 'too-large',
  UNSUPPORTED_MEDIA_TYPE: 'unsupported-media-type',
  CLIENT_CLOSED_REQUEST: 'aborted',
}

function fromTrpc(error: TRPCError): ApiError {
  const { cause } = error
  if (cause instanceof ApiError) return cause
  // An output that does not match its schema has issues as well: that is our fault.
  if (hasIssues(cause)) return error.code === 'BAD_REQUEST' ? invalidInput(cause) : internal(error)
  const code = trpcCodes[error.code]
  if (code !== undefined) return new ApiError(code, error.message, { cause: error })
  return cause === undefined ? internal(error) : toApiError(cause)
}

type WithIssues = Error & {
  readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] }[]
}

/** zod's own error, or the one that tRPC makes of a schema's issues. */
const hasIssues = (error: unknown): error is WithIssues =>
  error instanceof Error && 'issues' in error && Array.isArray(error.issues)

export function invalidInput(error: WithIssues): ApiError {
  const fields = error.issues.slice(0, MAX_FIELDS).map(({ path, message }) => ({ path: pathText(path ?? []), message }))
  return new ApiError('invalid-input', sentence(fields), { cause: error, fields })
}

const sentence = (fields: readonly FieldProblem[]): string =>
  fields.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')

function pathText(path: readonly unknown[]): string {
  return path.reduce<string>((text, part) => {
    const key = typeof part === 'object' && part !== null && 'key' in part ? part.key : part
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? String(key) : `${text}.${String(key)}`
  }, '')
}

interface DriverFailure {
  readonly meta?: { readonly driverAdapterError?: { readonly cause?: { readonly originalMessage?: string } } }
}

/** The database's own words, which Prisma keeps behind its code: a trigger has no code of its own. */
const driverMessage = (error: Error): string =>
  (error as DriverFailure).meta?.driverAdapterError?.cause?.originalMessage ?? ''

/** What the triggers say that hold reservations within the capacity. */
const OVERBOOKED = 'berth: more memory would be reserved than there is'

/** Prisma's documented codes; the driver's text may quote the query, so it is not shown. */
function fromDatabase(error: unknown): ApiError | undefined {
  if (!(error instanceof Error)) return undefined
  const said = `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`
  if (/SQLITE_FULL|database or disk is full|ENOSPC|53100/.test(said)) {
    return new ApiError('storage-full', 'The disk is full; nothing was saved.', { cause: error })
  }
  if (driverMessage(error).includes(OVERBOOKED)) {
    const message = 'The memory was reserved by somebody else at the same time. Nothing was saved.'
    return new ApiError('reservation-conflict', message, { cause: error })
  }
  if (!('code' in error) || typeof error.code !== 'string' || !/^P\d{4}$/.test(error.code)) return undefined
  if (['P2002', 'P2003', 'P2025', 'P2034'].includes(error.code)) {
    return new ApiError('conflict', 'Somebody else changed this at the same time. Nothing was saved.', { cause: error })
  }
  if (['P1001', 'P1002', 'P1008', 'P2024', 'P2028'].includes(error.code)) {
    return new ApiError('busy', 'The database does not answer in time.', { cause: error, retryAfterSeconds: 2 })
  }
  return undefined
}

const fastifyCodes: Readonly<Record<string, OwnErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-json',
}

function fromFastify(error: unknown): ApiError | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, statusCode } = error as Partial<FastifyError>
  const known = code === undefined ? undefined : fastifyCodes[code]
  if (known !== undefined) return new ApiError(known, error.message, { cause: error })
  if (statusCode === 429) return new ApiError('rate-limited', error.message, { cause: error })
  // secure-json-parse throws a plain SyntaxError for `__proto__` keys.
  if (error instanceof SyntaxError && statusCode === 400) {
    return new ApiError('malformed-json', error.message, { cause: error })
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new ApiError('bad-request', error.message, { cause: error })
  }
  return undefined
}
