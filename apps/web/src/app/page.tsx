import { Button } from '@berth/ui/button'
import Link from 'next/link'
import { DriftedCallout, SHOWN_DRIFTED } from '../features/drift/drifted-callout.tsx'
import { Capacity } from '../features/overview/capacity.tsx'
import { Checklist } from '../features/overview/checklist.tsx'
import { RemoveSampleLab } from '../features/overview/sample-lab.tsx'
import { PlanTable } from '../features/plan/plan-table.tsx'
import { Page } from '../features/shell/page.tsx'
import { paths } from '../paths.ts'
import { load } from '../trpc/server.ts'

const ALL = 1000
const RECENT_PLANS = 5

export default async function OverviewPage() {
  const [machines, models, plans, drifted] = await load((api) =>
    Promise.all([
      api.machines.list.query({ limit: ALL }),
      api.models.list.query({ limit: 1 }),
      api.plans.list.query({ limit: RECENT_PLANS }),
      api.drift.list.query({ limit: SHOWN_DRIFTED }),
    ]),
  )
  const walked = machines.items.length > 0 && models.items.length > 0 && plans.items.length > 0
  const sample = machines.items.some((machine) => machine.sample)
  return (
    <Page
      title="Overview"
      description="Which machine hosts which model, before anything is downloaded."
      actions={
        <>
          {sample && <RemoveSampleLab />}
          {machines.items.length > 0 && (
            <Button asChild variant="primary">
              <Link href={paths.plan()}>Make a plan</Link>
            </Button>
          )}
        </>
      }
    >
      {!walked && (
        <Checklist machines={machines.items.length} models={models.items.length} plans={plans.items.length} />
      )}
      <DriftedCallout drifted={drifted} />
      {machines.items.length > 0 && <Capacity machines={machines.items} />}
      {plans.items.length > 0 && (
        <section aria-labelledby="recent" className="grid gap-2">
          <div className="flex items-baseline justify-between">
            <h2 id="recent" className="text-sm font-semibold">
              Recent plans
            </h2>
            <Link href={paths.plans()} className="rounded-sm text-xs text-accent hover:underline">
              All plans
            </Link>
          </div>
          <PlanTable plans={plans.items} />
        </section>
      )}
    </Page>
  )
}
