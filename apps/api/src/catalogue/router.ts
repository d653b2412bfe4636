import { catalogueModels } from '@berth/catalogue'
import { z } from 'zod'
import { listOf, tokensSchema } from '../schema-parts.ts'
import { procedure, router } from '../trpc.ts'

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
})
