import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from './context.ts'
import { ApiError } from './errors.ts'
import { operations, type Operation } from './operations.ts'
import { appRouter } from './router.ts'
import { createCallerFactory } from './trpc.ts'

type Call = (input: unknown) => Promise<unknown>

export type MakeContext = (request: FastifyRequest) => Context

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

const callerOf = createCallerFactory(appRouter)

/**
 * Serves the public procedures as REST: path and query (or the JSON body) together are the input, and the output is the
 * answer. What is thrown is left to the server's error handler.
 */
export function restRoutes(server: FastifyInstance, makeContext: MakeContext): void {
  for (const operation of operations) {
    server.route({
      method: operation.method,
      url: routeUrl(operation.path),
      handler: async (request, reply) => {
        const output = await procedureOf(operation, makeContext(request), abortOf(reply))(inputOf(request))
        return reply.code(operation.status).send(output)
      },
    })
  }
  refuseOtherMethods(server)
}

/** `/machines/{id}` as Fastify writes it. */
const routeUrl = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

function procedureOf({ name }: Operation, context: Context, signal: AbortSignal): Call {
  const caller: unknown = callerOf(context, { signal })
  const found = name.split('.').reduce<unknown>((scope, key) => (scope as Record<string, unknown>)[key], caller)
  return found as Call
}

const hasBody = (method: string): boolean => method === 'POST' || method === 'PUT' || method === 'PATCH'

function inputOf(request: FastifyRequest): unknown {
  const parameters = request.params as Record<string, unknown>
  if (!hasBody(request.method)) return { ...queryOf(request), ...parameters }
  const { body } = request
  if (body === undefined || body === null) return parameters
  if (typeof body !== 'object' || Array.isArray(body)) {
    throw new ApiError('invalid-input', 'The body must be a JSON object.', {
      fields: [{ path: '', message: 'must be a JSON object' }],
    })
  }
  return { ...body, ...parameters }
}

/** A query is all text; no parameter of any operation takes the words true and false as text. */
export function queryOf({ query }: FastifyRequest): Record<string, unknown> {
  const words: Readonly<Record<string, boolean>> = { true: true, false: false }
  const entries = Object.entries(query as Record<string, unknown>)
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === 'string' ? (words[value] ?? value) : value]),
  )
}

/** Aborts when the client goes away before it is answered. */
function abortOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}

/** A path that is there with another method answers 405 and says which methods there are. */
function refuseOtherMethods(server: FastifyInstance): void {
  for (const url of new Set(operations.map(({ path }) => routeUrl(path)))) {
    const allowed = operations.filter(({ path }) => routeUrl(path) === url).map(({ method }) => method)
    const others = METHODS.filter((method) => !allowed.includes(method))
    server.route({
      method: others,
      url,
      handler: async (request, reply) => {
        void reply.header('allow', allowed.join(', '))
        throw new ApiError('method-not-allowed', `${request.method} is not taken here; ${allowed.join(', ')} is.`)
      },
    })
  }
}
