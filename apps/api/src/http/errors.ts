import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError, problemOf } from '../errors.ts'
import { toApiError } from '../to-api-error.ts'

/** Every error that a route throws leaves as problem JSON, and what was the server's fault is logged whole. */
export function answerProblems(server: FastifyInstance): void {
  server.setErrorHandler((error, request, reply) => sendProblem(toApiError(error), request, reply))
  server.setNotFoundHandler((request, reply) =>
    sendProblem(new ApiError('not-found', `There is nothing at ${request.method} ${pathOf(request)}.`), request, reply),
  )
}

type Logged = Pick<FastifyRequest, 'id' | 'log'>

export function sendProblem(error: ApiError, request: Logged, reply: FastifyReply): FastifyReply {
  logProblem(error, request)
  const { retryAfterSeconds } = error.options
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds)
  // RFC 9110 wants it of every 401.
  if (error.status === 401) void reply.header('www-authenticate', 'Bearer realm="berth"')
  return reply.code(error.status).type('application/problem+json').send(problemOf(error, request.id))
}

/** What should not happen with its stack, everything else as one line. */
export function logProblem(error: ApiError, request: Logged): void {
  const { code, message, status, cause } = error
  if (code === 'internal') request.log.error({ err: cause ?? error, code }, message)
  else if (status >= 500) request.log.warn({ err: cause, code }, message)
  else request.log.info({ code }, message)
}

const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0]!.slice(0, 200)
