'use client'

import { compareSplits, explainComparison, type LayerSplit, type Machine, type Placement } from '@berth/core'
import type { LayerCounts } from '@berth/ui/boundaries'
import { Button } from '@berth/ui/button'
import { Callout } from '@berth/ui/callout'
import { Undo2 } from 'lucide-react'
import { countsOf } from './hand-split.ts'
import type { OfferFigures } from './judge-messages.ts'
import { Reasons } from './reasons.tsx'
import { SplitEditor } from './split-editor.tsx'
import type { HandJudgement } from './use-hand-split.ts'
import { offersOf } from './verdict-view.ts'

/** The split that is made by hand, if any, and how to change it. */
export interface HandEditing {
  /** Undefined while the plan's own split stands. */
  readonly counts: LayerCounts | undefined
  /** What the counts stand for. */
  readonly split: LayerSplit | undefined
  readonly answer: HandJudgement | undefined
  /** Undefined gives the plan's own split back. */
  readonly onChange: (counts: LayerCounts | undefined) => void
}

export interface HandOffer {
  readonly origin: 'hand' | 'hand-short'
  readonly placement: Placement
  readonly figures: OfferFigures | undefined
}

/** The placement to show instead of the planned one; undefined where none is made by hand, or it cannot be counted. */
export function handOffer(editing: HandEditing | undefined): HandOffer | undefined {
  const judgement = editing?.counts && editing.answer?.judgement
  const offer = judgement?.ok ? offersOf(judgement.verdict)[0] : undefined
  if (!judgement?.ok || !offer) return undefined
  const origin = judgement.verdict.fits ? 'hand' : 'hand-short'
  return { origin, placement: offer.placement, figures: judgement.figures[0] }
}

/** Lets the planned split be changed, and says what the change costs. */
export function HandSplit({
  planned,
  machine,
  editing,
}: {
  readonly planned: Placement
  readonly machine: Machine
  readonly editing: HandEditing
}) {
  const placement = editing.counts ? handOffer(editing)?.placement : planned
  return (
    <div className="grid gap-4">
      <SplitEditor
        machine={machine}
        counts={editing.counts ?? countsOf(planned.split, machine)}
        placement={placement}
        onChange={editing.onChange}
      />
      {editing.counts && (
        <div className="grid gap-3" aria-busy={!editing.answer?.current}>
          <Against planned={planned} machine={machine} editing={editing} />
          <Button size="sm" className="justify-self-start" onClick={() => editing.onChange(undefined)}>
            <Undo2 aria-hidden /> Back to the plan
          </Button>
        </div>
      )}
    </div>
  )
}

/** The split made by hand against the planned one. */
function Against({ planned, machine, editing }: Parameters<typeof HandSplit>[0]) {
  const judgement = editing.answer?.judgement
  if (!judgement) return null
  if (!judgement.ok) return <Callout tone="error" title={`It could not be judged: ${judgement.message}`} />
  const { verdict } = judgement
  const placement = handOffer(editing)?.placement
  return (
    <>
      {!verdict.fits && (
        <Callout tone="warning" title="Split by hand, it does not fit.">
          <Reasons reasons={verdict.reasons} machine={machine} />
        </Callout>
      )}
      {placement && (
        <p role="status" className="text-xs text-secondary">
          {explainComparison(compareSplits(planned, placement), machine)}
        </p>
      )}
    </>
  )
}
