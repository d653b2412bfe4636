import { refuse } from '../../engines/setting-reasons.ts'
import { type Judged, isAccepted } from '../../placement/judge.ts'
import { shortage } from '../../placement/decide.ts'
import { largestUpTo } from '../../placement/search/largest-fitting.ts'
import type { Placement, Reason } from '../../placement/verdict.ts'
import { tokens } from '../../units.ts'
import { contextAsked } from '../../engines/llama-cpp-settings.ts'
import { PAGE_TOKENS } from '../exllamav3/settings.ts'
import { candidatesOn, deviceSets } from './candidates.ts'
import { scores } from './score.ts'
import type { Exl2PlanInput } from './workplace.ts'
import { tightestHeadroom } from '../../placement/rank.ts'

/** Placements that may start, best first; or none, with what stands against the one that lacks least. */
export type Exl2Decision =
  | { readonly fits: true; readonly accepted: readonly Placement[] }
  | { readonly fits: false; readonly reasons: readonly Reason[]; readonly nearest?: Placement }

/** all: everything worth comparing. answer: the first that fits, the most devices tried first. */
export type Compared = 'all' | 'answer'

/** Whether a run fits, without looking for what would change a no. */
export function decideExl2(input: Exl2PlanInput, compared: Compared): Exl2Decision {
  const { engine, model, machine, request } = input
  const refusals = engine.refusals(model, machine, request)
  if (refusals.length > 0) return { fits: false, reasons: refusals }
  const sets = deviceSets(input)
  if (sets.length === 0) return { fits: false, reasons: [noDevices(input)] }
  const judged: Judged[] = []
  for (const devices of compared === 'all' ? sets : sets.toReversed()) {
    judged.push(...candidatesOn(devices, input))
    if (compared === 'answer' && judged.some(isAccepted)) break
  }
  const accepted = judged.filter(isAccepted).map(({ placement }) => placement)
  if (accepted.length > 0) return { fits: true, accepted: inOrder(accepted, input) }
  const nearest = judged.reduce((best, one) => (shortage(one.placement) < shortage(best.placement) ? one : best))
  return { fits: false, reasons: nearest.reasons, nearest: nearest.placement }
}

/** None at all, or none for what is asked: then the setting is what stands in the way. */
function noDevices(input: Exl2PlanInput): Reason {
  const { machine, request } = input
  const { parallel, flashAttention } = request
  const because = 'flash-attention-needs-ampere' as const
  const asked = { ...request, parallel: 1, flashAttention: 'auto' as const }
  if (deviceSets({ ...input, request: asked }).length === 0) return { code: 'no-devices', machine: machine.id }
  return flashAttention === 'on'
    ? refuse('flashAttention', 'on', because)
    : refuse('parallel', String(parallel), because)
}

/** By preference, then on fewer devices, then by what is left on the tightest. */
function inOrder(placements: readonly Placement[], input: Exl2PlanInput): readonly Placement[] {
  const score = scores[input.preference ?? 'headroom']
  const contextShare = (placement: Placement): number => largestContextShare(placement, input)
  return placements
    .map((placement) => ({ placement, score: score(placement, { input, contextShare }) }))
    .toSorted(
      (left, right) =>
        right.score - left.score ||
        left.placement.split.devices.length - right.placement.split.devices.length ||
        tightestHeadroom(right.placement) - tightestHeadroom(left.placement),
    )
    .map(({ placement }) => placement)
}

/** The most pages of context that fit on a placement's devices, however they are split then. */
function largestContextShare({ split, settings }: Placement, input: Exl2PlanInput): number {
  const trained = contextAsked({ ...input.request, contextLength: tokens(0) }, input.model)
  const most = Math.max(1, Math.floor(trained / PAGE_TOKENS))
  const devices = input.machine.devices.filter(({ id }) => split.devices.some(({ device }) => device === id))
  const at = (pages: number): { readonly placement?: Placement; readonly headroom: number } => {
    const request = { ...input.request, contextLength: tokens(pages * PAGE_TOKENS) }
    const [best] = candidatesOn(devices, { ...input, request }).toSorted(
      (left, right) => tightestHeadroom(right.placement) - tightestHeadroom(left.placement),
    )
    if (!best) return { headroom: -Infinity }
    const fits = isAccepted(best)
    return { ...(fits && { placement: best.placement }), headroom: tightestHeadroom(best.placement) }
  }
  const least = Math.min(most, Math.max(1, Math.floor(settings.contextLength / PAGE_TOKENS)))
  return (largestUpTo({ least, most, at })?.count ?? 0) / most
}
