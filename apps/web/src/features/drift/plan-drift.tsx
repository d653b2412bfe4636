import { driftSeverityWords, type DriftSeverity, type Machine } from '@berth/core'
import { Badge } from '@berth/ui/badge'
import { Button } from '@berth/ui/button'
import { Callout } from '@berth/ui/callout'
import Link from 'next/link'
import type { DriftDetail, PlanDetail } from '../../trpc/types.ts'
import { plannerPathOf } from '../plan/planner-path.ts'
import { When } from '../shell/when.tsx'
import { driftBadges } from './drift-words.ts'
import { repairInputs } from './repair-inputs.ts'

const tones = { breaks: 'error', 'may-break': 'warning', info: 'info' } as const satisfies Record<DriftSeverity, string>

/** What is another on a saved plan's machine than when it was saved, and what brings the plan back. */
export function PlanDrift({ plan, machine }: { readonly plan: PlanDetail; readonly machine: Machine }) {
  const { drift } = plan
  if (!drift) return null
  const mixed = drift.findings.some(({ severity }) => severity !== drift.severity)
  return (
    <Callout tone={tones[drift.severity]} title={driftSeverityWords[drift.severity]}>
      <ul aria-label="What has changed" className="grid gap-1">
        {drift.findings.map(({ finding, severity, sentence }) => (
          <li key={sentence} className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
            {mixed && <Badge tone={driftBadges[severity].tone}>{driftBadges[severity].word}</Badge>}
            <span className="min-w-0">
              {sentence}
              {finding.code === 'device-gone' && finding.missingSince !== undefined && (
                <>
                  {' '}
                  Missing since <When time={finding.missingSince} />.
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      <Repairs repairs={drift.repairs} plan={plan} machine={machine} />
    </Callout>
  )
}

const openWords = {
  'new-split': 'Open it split anew',
  change: 'Open it with this change',
  'other-machine': 'Open it there',
} as const satisfies Record<DriftDetail['repairs'][number]['repair']['kind'], string>

function Repairs({
  repairs,
  plan,
  machine,
}: {
  readonly repairs: DriftDetail['repairs']
  readonly plan: PlanDetail
  readonly machine: Machine
}) {
  if (repairs.length === 0) return null
  return (
    <ul aria-label="Nearest repair" className="mt-1 grid gap-2">
      {repairs.map(({ repair, sentence }) => (
        <li key={repair.kind} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <span className="min-w-0 text-ink">{sentence}</span>
          <Button asChild size="sm">
            <Link href={plannerPathOf(plan, machine, repairInputs(repair))}>{openWords[repair.kind]}</Link>
          </Button>
        </li>
      ))}
    </ul>
  )
}
