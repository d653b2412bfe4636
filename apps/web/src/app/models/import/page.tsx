import type { Metadata } from 'next'
import { ImportModelForm } from '../../../features/model/import-form.tsx'
import { Page } from '../../../features/shell/page.tsx'
import { paths } from '../../../paths.ts'

export const metadata: Metadata = { title: 'Import a model' }

export default function ImportModelPage() {
  return (
    <Page title="Import a model" crumbs={[{ label: 'Models', href: paths.models() }]}>
      <ImportModelForm />
    </Page>
  )
}
