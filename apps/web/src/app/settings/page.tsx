import type { Metadata } from 'next'
import { MarginForm } from '../../features/team/margin-form.tsx'
import { RegistrationTokens } from '../../features/token/registration-tokens.tsx'
import { Page } from '../../features/shell/page.tsx'
import { load } from '../../trpc/server.ts'

export const metadata: Metadata = { title: 'Settings' }

export default async function SettingsPage() {
  const [team, tokens] = await load((api) =>
    Promise.all([api.team.get.query(), api.tokens.list.query({ limit: 1000 })]),
  )
  return (
    <Page title="Settings" description="What holds for the whole team.">
      <MarginForm marginBytes={team.marginBytes} />
      <RegistrationTokens tokens={tokens.items} />
    </Page>
  )
}
