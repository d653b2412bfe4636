import { catalogueModels, searchGpus } from '@berth/catalogue'
import { z } from 'zod'
import { ApiError } from '../errors.ts'
import { listOf, tokensSchema } from '../schema-parts.ts'
import { procedure, router } from '../trpc.ts'
import { listGpusInput, listGpusOutput } from './gpu-schema.ts'

const catalogueModelView = z.object({
  id: z.string(),
  name: z.string(),
  family: z.string(),
  publisher: z.string(),
  parameters: z.string(),
  contextLengthTrained: tokensSchema({ min: 1, max: 2 ** 31 }),
  mixes: listOf(z.string()),
  source: z.string(),
})

export const catalogueRouter = router({
  models: procedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/catalogue/models',
        tags: ['catalogue'],
        summary: 'The models that can be planned without importing them, and their mixes',
      },
    })
    .output(z.object({ items: listOf(catalogueModelView) }))
    .query(() => ({ items: catalogueModels })),

  gpus: procedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/catalogue/gpus',
        tags: ['catalogue'],
        summary: 'The GPUs that a machine can be made of without any tool’s output',
      },
    })
    .input(listGpusInput)
    .output(listGpusOutput)
    .query(({ input: { limit, cursor, ...search } }) => {
      const found = searchGpus(search)
      const last = cursor === undefined ? -1 : found.findIndex(({ id }) => id === cursor)
      if (cursor !== undefined && last === -1) throw unknownCursor(cursor)
      const items = found.slice(last + 1, last + 1 + limit)
      return { items, nextCursor: last + 1 + limit < found.length ? (items.at(-1)?.id ?? null) : null }
    }),
})

/** The order is the catalogue's, so that a place in it is one of its ids. */
function unknownCursor(cursor: string): ApiError {
  const message = `${cursor} is no GPU of this search`
  return new ApiError('invalid-input', `cursor: ${message}`, { fields: [{ path: 'cursor', message }] })
}
