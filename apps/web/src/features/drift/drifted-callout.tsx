import { Callout } from '@berth/ui/callout'
import Link from 'next/link'
import { paths } from '../../paths.ts'
import type { DriftList } from '../../trpc/types.ts'
import { DriftBadge } from './drift-badge.tsx'
import { driftedCount, driftedSentence } from './drift-words.ts'

/** How many are named; the list of plans has all of them. */
export const SHOWN_DRIFTED = 5
/** Of one plan, the worst first; its page has all of them. */
const MOST_SENTENCES = 2

const pathOf = { plan: paths.savedPlan, reservation: paths.reservation } as const satisfies Record<
  DriftList['items'][number]['kind'],
  (id: string) => string
>

/** Which saved plans and reservations a change of their machines has broken, or may have. Nothing where all of them hold. */
export function DriftedCallout({ drifted: { counts, items } }: { readonly drifted: DriftList }) {
  const sentence = driftedSentence(counts)
  if (sentence === undefined) return null
  const named = items.filter(({ severity }) => severity !== 'info')
  const more = driftedCount(counts) - named.length
  return (
    <Callout tone="warning" title={`${sentence}.`}>
      <ul aria-label="Drifted" className="grid gap-1.5">
        {named.map(({ kind, id, name, machine, severity, sentences }) => (
          <li key={id} className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
            <DriftBadge drift={{ severity, sentences }} />
            <Link href={pathOf[kind](id)} className="rounded-sm font-medium text-ink hover:underline">
              {name}
            </Link>
            <span className="min-w-0">
              on {machine.name}: {sentences.slice(0, MOST_SENTENCES).join(' ')}
              {sentences.length > MOST_SENTENCES && ` And ${sentences.length - MOST_SENTENCES} more.`}
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <p>And {more} more.</p>}
    </Callout>
  )
}
