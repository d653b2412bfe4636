import { Button } from '@berth/ui/button'
import { EmptyState } from '@berth/ui/empty-state'
import { Bookmark } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { DriftedCallout, SHOWN_DRIFTED } from '../../features/drift/drifted-callout.tsx'
import { PlanTable } from '../../features/plan/plan-table.tsx'
import { Page } from '../../features/shell/page.tsx'
import { paths } from '../../paths.ts'
import { load } from '../../trpc/server.ts'

export const metadata: Metadata = { title: 'Saved plans' }

export default async function PlansPage() {
  const [{ items }, drifted] = await load((api) =>
    Promise.all([api.plans.list.query({ limit: 1000 }), api.drift.list.query({ limit: SHOWN_DRIFTED })]),
  )
  return (
    <Page title="Saved plans" description="Each keeps its inputs; it is judged again whenever it is opened.">
      <DriftedCallout drifted={drifted} />
      {items.length > 0 ? (
        <PlanTable plans={items} />
      ) : (
        <EmptyState
          icon={<Bookmark />}
          title="No plan saved yet"
          actions={
            <Button asChild variant="primary">
              <Link href={paths.plan()}>Make a plan</Link>
            </Button>
          }
        >
          <p>Make one, open the machine you want, and save it from there.</p>
        </EmptyState>
      )}
    </Page>
  )
}
