import { driftSeverityWords, type DriftSeverity } from '@berth/core'
import { Badge } from '@berth/ui/badge'
import { Button } from '@berth/ui/button'
import { Callout } from '@berth/ui/callout'
import Link from 'next/link'
import type { DriftDetail } from '../../trpc/types.ts'
import { When } from '../shell/when.tsx'
import { driftBadges } from './drift-words.ts'

const tones = { breaks: 'error', 'may-break': 'warning', info: 'info' } as const satisfies Record<DriftSeverity, string>

type OfferedRepair = DriftDetail['repairs'][number]

/** Where a repair is opened. */
export interface RepairLink {
  readonly label: string
  readonly href: string
}

/** What is another on a machine than when something was made on it, and what brings that back. */
export function DriftCallout({
  drift,
  linkOf,
}: {
  readonly drift: DriftDetail | null
  /** Undefined for what is not opened by itself. */
  readonly linkOf: (repair: OfferedRepair['repair']) => RepairLink | undefined
}) {
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
      {drift.repairs.length > 0 && (
        <ul aria-label="Nearest repair" className="mt-1 grid gap-2">
          {drift.repairs.map((one) => (
            <Repair key={one.repair.kind} offered={one} link={linkOf(one.repair)} />
          ))}
        </ul>
      )}
    </Callout>
  )
}

const Repair = ({ offered, link }: { readonly offered: OfferedRepair; readonly link: RepairLink | undefined }) => (
  <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
    <span className="min-w-0 text-ink">{offered.sentence}</span>
    {link && (
      <Button asChild size="sm">
        <Link href={link.href}>{link.label}</Link>
      </Button>
    )}
  </li>
)
