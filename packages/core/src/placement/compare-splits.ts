import type { Machine } from '../machine/machine.ts'
import { type Bytes, bytes, formatBytes } from '../units.ts'
import { placeName } from './explain.ts'
import { fullestPlace } from './rank.ts'
import type { Place, Placement } from './verdict.ts'

/** A place and what is left on it; negative by what is lacking. */
interface Tightest {
  readonly place: Place
  readonly headroom: Bytes
}

/** How a split made by hand stands against the planned one. */
export interface SplitComparison {
  readonly planned: Tightest
  readonly byHand: Tightest & { readonly headroomPlanned: Bytes }
}

/** Compares what is left on the tightest GPU that each of two placements on one machine uses. */
export function compareSplits(planned: Placement, byHand: Placement): SplitComparison {
  const tightest = fullestPlace(byHand)
  const before = planned.memory.find(({ place }) => isSame(place, tightest.place))!
  const { place, headroom } = fullestPlace(planned)
  return {
    planned: { place, headroom },
    byHand: { place: tightest.place, headroom: tightest.headroom, headroomPlanned: before.headroom },
  }
}

/** The comparison in a sentence; where the split made by hand is worse on another place, one more on what that had. */
export function explainComparison({ planned, byHand }: SplitComparison, machine: Machine): string {
  const name = placeName(byHand.place, machine)
  const difference = bytes(byHand.headroom - planned.headroom)
  const verdict = difference === 0 ? 'as much' : `${formatBytes(bytes(Math.abs(difference)))} ${wordOf(difference)}`
  const compared =
    `The plan ${leaves(planned.headroom)} on its tightest place, ${placeName(planned.place, machine)}; ` +
    `this split ${leaves(byHand.headroom)} on ${name}: ${verdict}.`
  if (difference >= 0 || isSame(planned.place, byHand.place)) return compared
  return `${compared} The plan ${leaves(byHand.headroomPlanned)} on ${name}.`
}

const wordOf = (difference: Bytes): string => (difference < 0 ? 'worse' : 'better')

const leaves = (headroom: Bytes): string =>
  headroom < 0 ? `lacks ${formatBytes(bytes(-headroom))}` : `leaves ${formatBytes(headroom)}`

const isSame = (one: Place, other: Place): boolean =>
  one.kind === 'host' ? other.kind === 'host' : other.kind === 'device' && one.device === other.device
