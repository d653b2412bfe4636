import { explainAlone, type Machine, type Placement } from '@berth/core'
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
  return <p className="text-xs text-secondary">{explainAlone(answer.alone, placement, machine)}</p>
}
