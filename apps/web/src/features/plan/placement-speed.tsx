import {
  explainMachineWarning,
  explainSpeed,
  formatSpeed,
  type Machine,
  type Placement,
  placementWarnings,
  type SpeedEstimate,
} from '@berth/core'
import { CertaintyBadge } from '@berth/ui/certainty-badge'
import { WarningList } from '../machine/warning-list.tsx'

export interface PlacementSpeedProps {
  readonly speed: SpeedEstimate
  readonly placement: Placement
  readonly machine: Machine
}

/** How fast a placement is: ranges, what of the machine slows it, and behind them what they rest on. */
export function PlacementSpeed({ speed, placement, machine }: PlacementSpeedProps) {
  const { parallel } = placement.settings
  return (
    <section aria-label="Speed" className="grid gap-2 border-t border-line pt-3 text-sm">
      <dl className="flex flex-wrap gap-x-6 gap-y-2">
        <Range term="Speed of prompts">{formatSpeed(speed.prompt)}</Range>
        <Range term={parallel > 1 ? 'Generation, one slot' : 'Generation'}>
          {formatSpeed(speed.generation.oneSlot)}
        </Range>
        {parallel > 1 && (
          <Range term={`All ${parallel} slots together`}>{formatSpeed(speed.generation.allSlots)}</Range>
        )}
      </dl>
      <PlacementWarnings placement={placement} machine={machine} />
      <details className="min-w-0 text-xs text-secondary">
        <summary className="w-fit rounded-sm hover:text-ink">
          What this rests on
          {speed.certainty === 'assumed' && (
            <span className="ml-1.5">
              <CertaintyBadge certainty="assumed" />
            </span>
          )}
        </summary>
        <p className="mt-2">
          An estimate, from a full context to an empty one, and from the least to the most that was measured on devices
          of the kind.
        </p>
        <ul className="mt-2 grid list-disc gap-1 pl-4 break-words">
          {explainSpeed(speed.basis, machine).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
    </section>
  )
}

/** What of the machine the placement is slower for; nothing where there is no such thing. */
export function PlacementWarnings({ placement, machine }: Pick<PlacementSpeedProps, 'placement' | 'machine'>) {
  const warnings = placementWarnings(placement, machine)
  if (warnings.length === 0) return null
  return <WarningList warnings={warnings.map((warning) => explainMachineWarning(warning, machine))} />
}

function Range({ term, children }: { readonly term: string; readonly children: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-tertiary">{term}</dt>
      <dd className="mt-0.5 tabular-nums">{children}</dd>
    </div>
  )
}
