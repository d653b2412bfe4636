import type { Metadata } from 'next'
import { cache } from 'react'
import { StoryTelling } from '../../../../features/engine/story-telling.tsx'
import { Page } from '../../../../features/shell/page.tsx'
import { paths } from '../../../../paths.ts'
import { load } from '../../../../trpc/server.ts'

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

const storyOf = cache((id: string) => load((api) => api.engines.story.query({ id })))

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await storyOf((await params).id)).title }
}

export default async function StoryPage({ params }: Props) {
  const story = await storyOf((await params).id)
  return (
    <Page
      title={story.title}
      description={`${story.engine}, ${story.when}`}
      crumbs={[{ label: 'Engines', href: paths.engines() }]}
    >
      <StoryTelling story={story} />
    </Page>
  )
}
