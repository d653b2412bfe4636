'use client'

import { groupThousands } from '@berth/core'
import { Button } from '@berth/ui/button'
import { LoaderCircle } from 'lucide-react'
import type { MatrixCounts } from './matrix-table.ts'
import type { Surveying } from './use-survey.ts'

/** What the figures are of; while new ones are worked out for longer than a moment, that, and the way to give up. */
export function MatrixStatus({
  surveying: { survey, behind, slow, cancelled, cancel, again },
  counts,
  failed,
}: {
  readonly surveying: Surveying
  readonly counts: MatrixCounts | undefined
  /** Some figures could not be made exact. */
  readonly failed: boolean
}) {
  return (
    // As high with a button as without: nothing below it moves.
    <div role="status" className="flex min-h-9 flex-1 flex-wrap items-center gap-x-3 gap-y-1 text-xs text-secondary">
      {slow ? (
        <>
          <LoaderCircle aria-hidden className="size-4 motion-safe:animate-spin" />
          <span>Judging all pairs</span>
          <Button size="sm" variant="ghost" onClick={cancel}>
            Cancel
          </Button>
        </>
      ) : (
        survey &&
        counts && (
          <span className="tabular-nums">
            {groupThousands(survey.files.length)} files on {groupThousands(counts.machines)} machines
          </span>
        )
      )}
      {cancelled && (
        <>
          <span>{survey ? 'Stopped: the figures are of what was asked before.' : 'Stopped.'}</span>
          <Button size="sm" onClick={again}>
            Judge them
          </Button>
        </>
      )}
      {failed && !behind && <span>Some cells could not be planned; they stay estimates.</span>}
    </div>
  )
}
