import { Button } from '@berth/ui/button'
import { Plus } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { ModelLists } from '../../features/model/model-lists.tsx'
import { Page } from '../../features/shell/page.tsx'
import { paths } from '../../paths.ts'
import { load } from '../../trpc/server.ts'

export const metadata: Metadata = { title: 'Models' }

export default async function ModelsPage() {
  const [stored, catalogue] = await load((api) =>
    Promise.all([api.models.list.query({ limit: 1000 }), api.catalogue.models.query()]),
  )
  return (
    <Page
      title="Models"
      actions={
        <Button asChild variant="primary">
          <Link href={paths.modelsImport()}>
            <Plus aria-hidden /> Import a model
          </Link>
        </Button>
      }
    >
      <ModelLists stored={stored.items} catalogue={catalogue.items} />
    </Page>
  )
}
