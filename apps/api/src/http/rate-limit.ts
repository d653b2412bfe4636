import { createHash } from 'node:crypto'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from '../errors.ts'

const MINUTE_MS = 60_000
/** Clients remembered; the one longest unseen is forgotten first. */
const CLIENTS = 10_000

export interface RateLimits {
  /** Requests a minute and client; 0 for no limit. */
  readonly rateLimit: number
  readonly importRateLimit: number
  /** Reports a minute and registration token. */
  readonly reportRateLimit: number
}

export interface Counters {
  /** Counts an import of this client; false when it has had its share of the minute. */
  readonly mayImport: (request: FastifyRequest) => Promise<boolean>
  /** The same of a report, by its token. */
  readonly mayReport: (request: FastifyRequest) => Promise<boolean>
}

/** Answers with `RateLimit-*` headers, and 429 beyond the limit. Imports are counted by the procedures themselves. */
export async function limitRates(
  server: FastifyInstance,
  { rateLimit: max, importRateLimit, reportRateLimit }: RateLimits,
): Promise<Counters> {
  await server.register(rateLimit, {
    global: max > 0,
    max,
    timeWindow: MINUTE_MS,
    cache: CLIENTS,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { max, ttl }) =>
      new ApiError('rate-limited', `More than ${max} requests in a minute.`, {
        retryAfterSeconds: Math.ceil(ttl / 1000),
        data: { limit: max },
      }),
  })
  const counter = (limit: number, keyOf?: (request: FastifyRequest) => string) => {
    const count = server.createRateLimit({
      max: limit,
      timeWindow: MINUTE_MS,
      ...(keyOf === undefined ? {} : { keyGenerator: keyOf }),
    })
    return async (request: FastifyRequest): Promise<boolean> => {
      if (limit === 0) return true
      const result = await count(request)
      return result.isAllowed || !result.isExceeded
    }
  }
  return { mayImport: counter(importRateLimit), mayReport: counter(reportRateLimit, tokenKey) }
}

/** What is remembered of a token is no token. */
const tokenKey = ({ headers }: FastifyRequest): string =>
  createHash('sha256')
    .update(headers.authorization ?? '')
    .digest('hex')
