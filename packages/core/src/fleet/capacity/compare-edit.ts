import type { Machine } from '../../machine/machine.ts'
import type { Tenant } from '../../placement/plan-input.ts'
import { type Standing, standingOf } from './standing.ts'

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
  readonly before: Standing
  readonly after: Standing
  readonly gain: EditGain
}

/** How a model stands on a machine as it is and as it would be. Contexts are compared where GPUs alone hold it. */
export function compareEdit(tenant: Tenant, machine: Machine, edited: Machine): EditComparison {
  const before = standingOf({ ...tenant, machine }, 'on-gpus')
  const after = standingOf({ ...tenant, machine: edited }, 'on-gpus')
  return { before, after, gain: gainOf(before, after) }
}

const ranks = { nowhere: 0, host: 1, gpus: 2 } as const satisfies Record<Standing['on'], number>

function gainOf(before: Standing, after: Standing): EditGain {
  const step = ranks[after.on] - ranks[before.on]
  if (step > 0) return after.on === 'host' ? 'newly-with-host' : before.on === 'host' ? 'off-host' : 'newly-on-gpus'
  if (step < 0) return after.on === 'nowhere' ? 'lost' : 'needs-host'
  const context = (after.context?.perSlot ?? 0) - (before.context?.perSlot ?? 0)
  if (context !== 0) return context > 0 ? 'more-context' : 'less-context'
  const room = (after.headroom ?? -(after.lacks ?? 0)) - (before.headroom ?? -(before.lacks ?? 0))
  // What fits nowhere gains nothing by being nearer to fitting.
  if (room === 0 || after.on === 'nowhere') return 'same'
  return room > 0 ? 'more-room' : 'less-room'
}
