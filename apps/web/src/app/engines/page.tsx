import type { Metadata } from 'next'
import { EngineTable } from '../../features/engine/engine-table.tsx'
import { StoryList } from '../../features/engine/story-list.tsx'
import { Page } from '../../features/shell/page.tsx'
import { load } from '../../trpc/server.ts'

export const metadata: Metadata = { title: 'Engines' }

export default async function EnginesPage() {
  const [engines, stories] = await load((api) => Promise.all([api.engines.list.query(), api.engines.stories.query()]))
  return (
    <Page wide title="Engines" description="What Berth plans for, how surely, and what each engine cannot be told.">
      <StoryList stories={stories.items} />
      <EngineTable engines={engines.items} />
    </Page>
  )
}
