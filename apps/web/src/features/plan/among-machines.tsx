import Link from 'next/link'
import { paths } from '../../paths.ts'
import type { PlanInputs } from './plan-inputs.ts'
import { plannerPathFor } from './planner-path.ts'

/** Says that not every machine is asked, and which way leads to all of them. */
export function AmongMachines({
  count,
  of,
  inputs,
}: {
  readonly count: number
  readonly of: number
  readonly inputs: PlanInputs
}) {
  const link = 'rounded-sm text-accent hover:underline'
  return (
    <p className="flex flex-wrap gap-x-3 text-xs text-secondary">
      <span>
        Planned on {count} of {of} machines.
      </span>
      {inputs.among && (
        <Link href={paths.machines(inputs.among)} className={link}>
          Their list
        </Link>
      )}
      <Link href={plannerPathFor({ ...inputs, machines: null, among: null })} className={link}>
        Plan on all
      </Link>
    </p>
  )
}
