import { randomUUID } from 'node:crypto'
import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Context, Services } from './context.ts'
import { ApiError } from './errors.ts'
import { guardBrowsers } from './http/browser-guard.ts'
import { exportRoute } from './http/export.ts'
import { collectorRoute } from './http/collector.ts'
import { answerProblems, logProblem, sendProblem } from './http/errors.ts'
import { healthRoutes } from './http/health.ts'
import { limitRates, type RateLimits } from './http/rate-limit.ts'
import { reportRoute } from './http/report.ts'
import { securityHeaders } from './http/security-headers.ts'
import { uploadRoute } from './http/upload.ts'
import { proxyToWeb, type WebServer } from './http/web.ts'
import { openApiDocument } from './openapi.ts'
import { API_PREFIX } from './operations.ts'
import { type MakeContext, restRoutes } from './rest.ts'
import { appRouter, type AppRouter } from './router.ts'
import { LOCAL_TEAM } from './team/repository.ts'
import { toApiError } from './to-api-error.ts'

/** The largest paste, as JSON that escapes every character of it twice over. */
const BODY_LIMIT = 16 * 1024 * 1024
/** A page asks for a handful at once. */
const MAX_BATCH = 20
/** Longer than what load balancers keep a connection for, so that they close first. */
const KEEP_ALIVE_MS = 75_000

export interface ServerOptions extends RateLimits {
  readonly services: Services
  readonly host: string
  readonly publicHosts: readonly string[]
  readonly trustProxy: readonly string[]
  readonly log: FastifyBaseLogger
  /** Handed out to machines at /collect.sh. */
  readonly collectorScript: string
  /** The pages; without them the server serves the API alone. */
  readonly web?: (Pick<WebServer, 'url' | 'isUp'> & { readonly development: boolean }) | undefined
  readonly isDraining: () => boolean
}

/** The whole server but for its listening. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const { services, web, isDraining } = options
  const server = fastify({
    loggerInstance: options.log,
    bodyLimit: BODY_LIMIT,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestIdHeader: false,
    genReqId: ({ headers }) => requestId(headers['x-request-id']),
    trustProxy: options.trustProxy.length === 0 ? false : [...options.trustProxy],
    // A tRPC batch names all its calls in one parameter.
    routerOptions: { maxParamLength: MAX_BATCH * 100 },
    logController: new LogController({ disableRequestLogging: ({ url }) => url === '/healthz' || url === '/readyz' }),
    frameworkErrors: (error, request, reply) => void sendProblem(toApiError(error), request, reply as never),
  })
  answerProblems(server)
  server.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id))
  releaseConnections(server, isDraining)
  await securityHeaders(server, { development: web?.development === true })
  guardBrowsers(server, options)
  healthRoutes(server, { database: services.database, web: () => web, isDraining })
  await server.register(async (api) => apiRoutes(api, options))
  if (web !== undefined) await proxyToWeb(server, web.url)
  return server
}

/** A connection that is kept for a next request would hold up the stop for as long as its client likes. */
function releaseConnections(server: FastifyInstance, isDraining: () => boolean): void {
  server.addHook('onResponse', async () => {
    if (isDraining()) setImmediate(() => server.server.closeIdleConnections())
  })
}

async function apiRoutes(api: FastifyInstance, { services, collectorScript, ...limits }: ServerOptions): Promise<void> {
  const { mayImport, mayReport } = await limitRates(api, limits)
  const makeContext: MakeContext = (request): Context => ({
    services,
    teamId: LOCAL_TEAM,
    requestId: request.id,
    via: request.url.startsWith(API_PREFIX) ? 'api' : 'page',
    mayImport: () => mayImport(request),
    log: request.log,
  })
  await api.register(
    async (rest) => {
      rest.removeContentTypeParser('text/plain')
      restRoutes(rest, makeContext)
      uploadRoute(rest, makeContext)
      exportRoute(rest, makeContext)
      await rest.register(async (reports) => reportRoute(reports, makeContext, mayReport))
      rest.all('/*', async (request) => {
        throw new ApiError('not-found', `There is no operation at ${request.method} ${request.url.slice(0, 200)}.`)
      })
    },
    { prefix: API_PREFIX },
  )
  collectorRoute(api, collectorScript)
  const document = openApiDocument()
  api.get('/api/openapi.json', async () => document)
  await api.register(async (trpc) => trpcRoutes(trpc, makeContext), { prefix: '/trpc' })
}

async function trpcRoutes(server: FastifyInstance, makeContext: MakeContext): Promise<void> {
  // tRPC would read forms and streams too, without a limit.
  server.addHook('onRequest', async ({ method, headers }) => {
    const type = headers['content-type']
    if (method === 'POST' && type?.split(';', 1)[0]?.trim().toLowerCase() !== 'application/json') {
      throw new ApiError('unsupported-media-type', 'The body must be application/json.')
    }
  })
  const trpcOptions: FastifyTRPCPluginOptions<AppRouter>['trpcOptions'] = {
    router: appRouter,
    maxBatchSize: MAX_BATCH,
    createContext: ({ req }: { readonly req: FastifyRequest }) => makeContext(req),
    onError: ({ error, req }) => logProblem(toApiError(error), req),
  }
  await server.register(fastifyTRPCPlugin, { trpcOptions })
}

/** A client's own id is kept where it is plain, so that its log and ours can be read together. */
const requestId = (given: string | string[] | undefined): string =>
  typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID()
