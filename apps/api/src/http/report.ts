import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from '../errors.ts'
import { reportMachine } from '../machine/import.ts'
import { MAX_INVENTORY_CHARACTERS, importMachinesInput, reportOutput } from '../machine/schema.ts'
import type { MakeContext } from '../rest.ts'
import { invalidInput } from '../to-api-error.ts'
import { type ReportingToken, requireToken } from '../token/require-token.ts'

/**
 * `POST /machines/report`, the body being what the collector prints: a machine that brings itself up to date. It needs
 * a registration token, which is looked at before any of the body is read and lets its holder do nothing else.
 */
export function reportRoute(
  server: FastifyInstance,
  makeContext: MakeContext,
  mayReport: (request: FastifyRequest) => Promise<boolean>,
): void {
  const tokens = new WeakMap<FastifyRequest, ReportingToken>()
  // As text: the record keeps what was sent, and the reader has limits of its own.
  server.removeContentTypeParser('application/json')
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  server.post('/machines/report', {
    bodyLimit: MAX_INVENTORY_CHARACTERS,
    onRequest: async (request) => {
      const { services } = makeContext(request)
      tokens.set(request, await requireToken(services.database.client, request.headers.authorization))
      if (await mayReport(request)) return
      throw new ApiError('rate-limited', 'Too many reports by this token in the last minute.', {
        retryAfterSeconds: 60,
      })
    },
    handler: async (request) => {
      const token = tokens.get(request)
      if (token === undefined) throw new Error('a report was let in without a token')
      const text = importMachinesInput.shape.text.safeParse(request.body)
      if (!text.success) throw invalidInput(text.error)
      const context = { ...makeContext(request), teamId: token.teamId }
      return reportOutput.parse(await reportMachine(context, { text: text.data, token }))
    },
  })
}
