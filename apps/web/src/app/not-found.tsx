import { Button } from '@berth/ui/button'
import { EmptyState } from '@berth/ui/empty-state'
import { Compass } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { Page } from '../features/shell/page.tsx'
import { paths } from '../paths.ts'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <Page title="Not found">
      <EmptyState
        icon={<Compass />}
        title="There is nothing at this address"
        actions={
          <>
            <Button asChild variant="primary">
              <Link href={paths.overview()}>Overview</Link>
            </Button>
            <Button asChild>
              <Link href={paths.machines()}>Machines</Link>
            </Button>
            <Button asChild>
              <Link href={paths.models()}>Models</Link>
            </Button>
          </>
        }
      >
        <p>It may have been removed, or the address was cut off when it was copied.</p>
      </EmptyState>
    </Page>
  )
}
