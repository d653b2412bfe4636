import type { Repair } from '@berth/core'
import { changeOf } from '../plan/apply-remedy.ts'
import type { PlanInputs } from '../plan/plan-inputs.ts'

/** What of a saved plan's inputs a repair changes; a split by hand was of the machine as it was. */
export function repairInputs(repair: Repair): Partial<PlanInputs> {
  const anew = { split: null, show: 0 }
  switch (repair.kind) {
    case 'new-split':
      return anew
    case 'change':
      return { ...anew, ...changeOf(repair.remedy) }
    case 'other-machine':
      return { ...anew, machine: repair.machine }
  }
}
