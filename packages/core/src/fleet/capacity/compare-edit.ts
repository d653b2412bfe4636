import type { Machine } from '../../machine/machine.ts'
import type { Tenant } from '../../placement/plan-input.ts'
import { type ModelStanding, standingOf } from './standing.ts'

/** What an edit of a machine changes for one file, the most first. */
export const editGains = [
  'newly-on-gpus',
  'off-host',
  'newly-with-host',
  'more-context',
  'more-room',
  'same',
  'less-room',
  'less-context',
  'needs-host',
  'lost',
] as const
export type EditGain = (typeof editGains)[number]

export interface EditComparison {
  readonly before: ModelStanding
  readonly after: ModelStanding
  readonly gain: EditGain
}

/** How a model stands on a machine as it is and as it would be. */
export function compareEdit(tenant: Tenant, machine: Machine, edited: Machine): EditComparison {
  const before = standingOf({ ...tenant, machine })
  const after = standingOf({ ...tenant, machine: edited })
  return { before, after, gain: gainOf(before, after) }
}

const ranks = { nowhere: 0, host: 1, gpus: 2 } as const satisfies Record<ModelStanding['on'], number>

function gainOf(before: ModelStanding, after: ModelStanding): EditGain {
  const step = ranks[after.on] - ranks[before.on]
  if (step > 0) return after.on === 'host' ? 'newly-with-host' : before.on === 'host' ? 'off-host' : 'newly-on-gpus'
  if (step < 0) return after.on === 'nowhere' ? 'lost' : 'needs-host'
  // What fits nowhere gains nothing by being nearer to fitting.
  if (after.on === 'nowhere') return 'same'
  const context = (after.context?.perSlot ?? 0) - (before.context?.perSlot ?? 0)
  if (context !== 0) return context > 0 ? 'more-context' : 'less-context'
  const room = (after.headroom ?? 0) - (before.headroom ?? 0)
  return room === 0 ? 'same' : room > 0 ? 'more-room' : 'less-room'
}
