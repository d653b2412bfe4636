import { ApiError, notFound } from '../errors.ts'
import { removedSchema } from '../schema-parts.ts'
import { inTransaction } from '../transaction.ts'
import { procedure, router } from '../trpc.ts'
import { countTokens, createToken, listTokens, removeToken } from './repository.ts'
import {
  createTokenInput,
  createTokenOutput,
  listTokensInput,
  listTokensOutput,
  MAX_TOKENS,
  tokenInput,
} from './schema.ts'
import { hashOf, newSecret } from './secret.ts'

const tags = ['registration tokens']

export const tokenRouter = router({
  list: procedure
    .meta({ openapi: { method: 'GET', path: '/registration-tokens', tags, summary: 'List registration tokens' } })
    .input(listTokensInput)
    .output(listTokensOutput)
    .query(({ ctx, input }) => listTokens(ctx.services.database.client, ctx.teamId, input)),

  create: procedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/registration-tokens',
        tags,
        summary: 'Make a token by which machines may report themselves',
      },
      status: 201,
    })
    .input(createTokenInput)
    .output(createTokenOutput)
    .mutation(({ ctx, input: { name, expiresAt } }) =>
      inTransaction(ctx, async (db) => {
        if ((await countTokens(db, ctx.teamId)) >= MAX_TOKENS) {
          throw new ApiError('limit-exceeded', `A team has ${MAX_TOKENS} registration tokens at most: revoke some.`, {
            data: { limit: MAX_TOKENS },
          })
        }
        const secret = newSecret()
        const expires = expiresAt === null ? null : new Date(expiresAt)
        const token = await createToken(db, ctx.teamId, { name, secretHash: hashOf(secret), expiresAt: expires })
        return { ...token, secret }
      }),
    ),

  remove: procedure
    .meta({
      openapi: { method: 'DELETE', path: '/registration-tokens/{id}', tags, summary: 'Revoke a registration token' },
    })
    .input(tokenInput)
    .output(removedSchema)
    .mutation(async ({ ctx, input: { id } }) => {
      if (!(await removeToken(ctx.services.database.client, ctx.teamId, id))) throw notFound('registration token', id)
      return { id }
    }),
})
