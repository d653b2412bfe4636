import { Badge } from '@berth/ui/badge'
import type { DriftFlag } from '../../trpc/types.ts'
import { driftBadges } from './drift-words.ts'

/** In a row of a list: what comparing says, without planning. */
export function DriftBadge({ drift }: { readonly drift: DriftFlag }) {
  if (!drift) return null
  const { word, tone } = driftBadges[drift.severity]
  return (
    <Badge tone={tone} data-tip={drift.sentences.join('\n')}>
      {word}
    </Badge>
  )
}
