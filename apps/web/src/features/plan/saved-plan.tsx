'use client'

import type { ModelSource, Verdict } from '@berth/core'
import { Callout } from '@berth/ui/callout'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { MachineView, PlanDetail } from '../../trpc/types.ts'
import { StaleCallout } from '../machine/freshness.tsx'
import { PlanDrift } from '../drift/plan-drift.tsx'
import { MaintenanceCallout } from '../machine/maintenance.tsx'
import { PlacementDetail } from './placement-detail.tsx'
import { plannerPathOf } from './planner-path.ts'

/** A saved plan as it is judged now. A remedy is applied in the planner: the saved plan itself stays as it is. */
export function SavedPlan({
  plan,
  machine,
  source,
}: {
  readonly plan: PlanDetail
  readonly machine: MachineView
  readonly source: ModelSource
}) {
  const router = useRouter()
  const [show, setShow] = useState(0)
  const verdict: Verdict = plan.result
  return (
    <div className="grid gap-4">
      <MaintenanceCallout name={plan.machineName} maintenance={plan.machineMaintenance}>
        The plan is judged as if it were not.
      </MaintenanceCallout>
      <StaleCallout machine={machine} />
      <PlanDrift plan={plan} machine={machine} />
      {plan.savedFits !== verdict.fits && plan.drift?.severity !== 'breaks' && (
        <Callout
          tone="warning"
          title={
            verdict.fits
              ? 'It did not fit when it was saved, and does now.'
              : 'It fitted when it was saved, and does not now.'
          }
        >
          Version {plan.savedVersion} judged it then, {plan.version} does now. Others may hold more or less of the
          machine’s memory than they did.
        </Callout>
      )}
      <PlacementDetail
        entry={{
          machine,
          verdict,
          ...(plan.result.fits && plan.result.speed && { figures: [{ speed: plan.result.speed }] }),
        }}
        source={source}
        show={show}
        onChange={(change) => {
          if (change.show !== undefined && Object.keys(change).length === 1) setShow(change.show)
          else router.push(plannerPathOf(plan, machine, change))
        }}
      />
    </div>
  )
}
