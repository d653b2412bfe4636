import { procedure, router } from '../trpc.ts'
import { engineViews, enginesOutput } from './schema.ts'

export const engineRouter = router({
  list: procedure
    .meta({
      openapi: { method: 'GET', path: '/engines', tags: ['engines'], summary: 'The engines that can be planned for' },
    })
    .output(enginesOutput)
    .query(engineViews),
})
