import { explainAlone, type Machine, type Placement } from '@berth/core'
import { Account } from './account.tsx'
import type { AloneAnswer } from './use-engine-alone.ts'

/** What the engine left alone would do, beside the placement that is shown. */
export function PlacementAlone({
  answer,
  placement,
  machine,
}: {
  readonly answer: AloneAnswer
  readonly placement: Placement
  readonly machine: Machine
}) {
  if (answer.pending) {
    return <p className="text-xs text-tertiary">What {placement.engine} left alone would do is being worked out.</p>
  }
  if (!answer.alone) return null
  return (
    <div className="grid gap-1">
      <p className="text-xs text-secondary">{explainAlone(answer.alone, placement, machine)}</p>
      <Account title="How it comes to that" sentences={answer.account} />
    </div>
  )
}
