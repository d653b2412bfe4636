import type { Machine } from '@berth/core'
import type { DriftDetail, PlanDetail } from '../../trpc/types.ts'
import { plannerPathOf } from '../plan/planner-path.ts'
import { DriftCallout } from './drift-callout.tsx'
import { repairInputs } from './repair-inputs.ts'

const openWords = {
  'new-split': 'Open it split anew',
  change: 'Open it with this change',
  'other-machine': 'Open it there',
} as const satisfies Record<DriftDetail['repairs'][number]['repair']['kind'], string>

/** A repair opens in the planner: the saved plan itself stays as it is. */
export const PlanDrift = ({ plan, machine }: { readonly plan: PlanDetail; readonly machine: Machine }) => (
  <DriftCallout
    drift={plan.drift}
    linkOf={(repair) => ({
      label: openWords[repair.kind],
      href: plannerPathOf(plan, machine, repairInputs(repair)),
    })}
  />
)
