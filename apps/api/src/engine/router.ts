import { findStory, stories } from '@berth/catalogue'
import { notFound } from '../errors.ts'
import { procedure, router } from '../trpc.ts'
import { engineViews, enginesOutput } from './schema.ts'
import { storiesOutput, storyDetail, storyInput, toStoryDetail, toStoryView } from './story-schema.ts'

const tags = ['engines']

export const engineRouter = router({
  list: procedure
    .meta({
      openapi: { method: 'GET', path: '/engines', tags, summary: 'The engines that can be planned for' },
    })
    .output(enginesOutput)
    .query(engineViews),

  stories: procedure
    .meta({
      openapi: { method: 'GET', path: '/engines/stories', tags, summary: 'Failures that users had, by what they are' },
    })
    .output(storiesOutput)
    .query(() => ({ items: stories.map(toStoryView) })),

  story: procedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/engines/stories/{id}',
        tags,
        summary: 'One of them, with what Berth says of it',
      },
    })
    .input(storyInput)
    .output(storyDetail)
    .query(({ input: { id } }) => {
      const story = findStory(id)
      if (!story) throw notFound('story', id)
      return toStoryDetail(story)
    }),
})
