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
}

/** Answers with `RateLimit-*` headers, and 429 beyond the limit. Imports are counted by the procedures themselves. */
export async function limitRates(
  server: FastifyInstance,
  { rateLimit: max, importRateLimit }: RateLimits,
): Promise<(request: FastifyRequest) => Promise<boolean>> {
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
  const countImport = server.createRateLimit({ max: importRateLimit, timeWindow: MINUTE_MS })
  return async (request) => {
    if (importRateLimit === 0) return true
    const result = await countImport(request)
    return result.isAllowed || !result.isExceeded
  }
}
