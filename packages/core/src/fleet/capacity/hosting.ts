import { boundedTrial } from '../../placement/bounded-trial.ts'
import type { Thoroughness } from '../../placement/candidates.ts'
import { decide, refusalsOf } from '../../placement/decide.ts'
import type { PlanInput } from '../../placement/plan-input.ts'
import { needsHost } from '../../placement/rank.ts'
import type { Trial } from '../../placement/remedy-trials.ts'
import type { Placement, Reason } from '../../placement/verdict.ts'
import { bytes, type Bytes } from '../../units.ts'

/** Where a model lies as it is asked for: on GPUs alone, in part in host memory, or nowhere. */
export type Hosting =
  | { readonly on: 'gpus' | 'host'; readonly placement: Placement }
  | {
      readonly on: 'nowhere'
      /** At least so much on the tightest place; absent where the engine refuses, or has no device. */
      readonly lacks?: Bytes
    }

/** widest: with the most left on the fullest place, which is what is shown. answer: enough to say where it lies. */
type Compare = Extract<Thoroughness['compare'], 'widest' | 'answer'>

/** Relying on the host is tried only where GPUs alone have no room: it is slower, whatever it leaves free. */
export function hosting(input: PlanInput, compare: Compare, mayRelyOnHost = true): Hosting {
  const onGpus = trialOnGpus(input, compare)
  if (onGpus.placement) return { on: 'gpus', placement: onGpus.placement }
  const withHost = mayRelyOnHost ? trialWithHost(input, compare) : onGpus
  return withHost.placement ? { on: 'host', placement: withHost.placement } : { on: 'nowhere', ...lackOf(withHost) }
}

export function trialOnGpus(input: PlanInput, compare: Compare): Trial {
  const trial = boundedTrial(input, { compare, mayRelyOnHost: false })
  if (!trial.placement || !needsHost(trial.placement)) return trial
  // An engine that places layers itself is not asked to keep off the host, nor does any of its choices then.
  return { headroom: -Infinity }
}

/** What host memory nobody told of would hold is no answer. */
export const trialWithHost = (input: PlanInput, compare: Compare): Trial =>
  input.machine.hostMemoryTotal === undefined
    ? trialOnGpus(input, compare)
    : boundedTrial(input, { compare, mayRelyOnHost: true })

const lackOf = ({ headroom }: Trial): { readonly lacks?: Bytes } =>
  Number.isFinite(headroom) ? { lacks: bytes(Math.max(0, -headroom)) } : {}

/** Everything that stands against the placement that lacks least. */
export function whyNot(input: PlanInput): readonly Reason[] {
  const refusals = refusalsOf(input)
  if (refusals.length > 0) return refusals
  const mayRelyOnHost = input.machine.hostMemoryTotal !== undefined
  const decision = decide(input, { compare: 'answer', mayRelyOnHost })
  return decision.fits ? [] : decision.reasons
}
