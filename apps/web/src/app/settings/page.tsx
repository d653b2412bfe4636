import type { Metadata } from 'next'
import { MarginForm } from '../../features/team/margin-form.tsx'
import { Page } from '../../features/shell/page.tsx'
import { load } from '../../trpc/server.ts'

export const metadata: Metadata = { title: 'Settings' }

export default async function SettingsPage() {
  const team = await load((api) => api.team.get.query())
  return (
    <Page title="Settings" description="What holds for every plan of the team.">
      <MarginForm marginBytes={team.marginBytes} />
    </Page>
  )
}
