import { Card, CardBody, CardHeader } from '@berth/ui/card'
import type { Metadata } from 'next'
import { CommandList } from '../../../features/machine/command-list.tsx'
import { ImportForm } from '../../../features/machine/import-form.tsx'
import { Page } from '../../../features/shell/page.tsx'
import { paths } from '../../../paths.ts'

export const metadata: Metadata = { title: 'Add a machine' }

export default function ImportMachinePage() {
  return (
    <Page title="Add a machine" crumbs={[{ label: 'Machines', href: paths.machines() }]}>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <ImportForm />
        <Card>
          <CardHeader
            title="What to run on it"
            description="Any one is enough; several in one paste complete each other."
          />
          <CardBody>
            <CommandList />
          </CardBody>
        </Card>
      </div>
    </Page>
  )
}
