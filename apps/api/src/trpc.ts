import { initTRPC, TRPCError } from '@trpc/server'
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc'
import type { OpenApiMeta } from 'trpc-to-openapi'
import type { Context } from './context.ts'
import { ApiError, type Problem, problemOf } from './errors.ts'
import { toApiError } from './to-api-error.ts'

/** `openapi` makes a procedure public under /api/v1; `status` is what its REST answer carries when it is not 200. */
export type Meta = OpenApiMeta & { readonly status?: 201 }

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    isDev: false,
    errorFormatter: ({ shape, error, ctx }) => {
      const problem: Problem = problemOf(toApiError(error), ctx?.requestId ?? '')
      const { code, path } = shape.data
      return { ...shape, message: problem.detail, data: { code, httpStatus: problem.status, path, problem } }
    },
  })

export const { router, createCallerFactory } = t

/** tRPC has names for these statuses; the problem's own status is what the answer carries. */
const codeByStatus: Readonly<Record<number, TRPC_ERROR_CODE_KEY>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  499: 'CLIENT_CLOSED_REQUEST',
  502: 'BAD_GATEWAY',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
}

const trpcCode = (status: number): TRPC_ERROR_CODE_KEY => codeByStatus[status] ?? 'INTERNAL_SERVER_ERROR'

/** Outermost, so that whatever is thrown below, input and output checks included, leaves as an error of the table. */
const withKnownErrors = t.middleware(async ({ next }) => {
  const result = await next()
  if (result.ok) return result
  const error = toApiError(result.error)
  throw new TRPCError({ code: trpcCode(error.status), message: error.message, cause: error })
})

export const procedure = t.procedure.use(withKnownErrors)

/** For what makes the server read much, or ask another server. */
export const importProcedure = procedure.use(async ({ ctx, next }) => {
  if (await ctx.mayImport()) return next()
  throw new ApiError('rate-limited', 'Too many imports in the last minute.', { retryAfterSeconds: 60 })
})
