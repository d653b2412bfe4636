import { movesTensors } from '../memory/overrides.ts'
import { HOST } from '../memory/run-memory.ts'
import { bytes, type Bytes } from '../units.ts'
import type { Placement, PlaceMemory, Verdict } from './verdict.ts'

/** The GPU that is used with the least left; the host where none is. */
export function fullestPlace({ memory }: Pick<Placement, 'memory'>): PlaceMemory {
  const devices = memory.filter((one) => one.place.kind === 'device' && isUsed(one))
  const places = devices.length > 0 ? devices : memory.filter(({ place }) => place.kind === 'host')
  return places.reduce((fullest, one) => (one.headroom < fullest.headroom ? one : fullest))
}

/** What is left there. Negative by what is lacking. */
export const leastHeadroom = (placement: Pick<Placement, 'memory'>): Bytes => fullestPlace(placement).headroom

/** Left on the tightest place of all, the host too where its memory is known. Negative by what is lacking. */
export const tightestHeadroom = ({ memory }: Pick<Placement, 'memory'>): Bytes =>
  least(memory.filter(({ capacityUnknown }) => !capacityUnknown))

/** A GPU that a plan leaves alone may be as full as it likes. */
const isUsed = ({ required }: PlaceMemory): boolean => required > 0

const least = (places: readonly PlaceMemory[]): Bytes =>
  bytes(Math.min(...places.filter(isUsed).map(({ headroom }) => headroom)))

/** Whether some of the model or its cache stays in host memory, which is what makes it slow. */
export const needsHost = ({ split, settings }: Placement): boolean =>
  !settings.offloadKqv ||
  split.hostBlocks > 0 ||
  split.expertsOnHost > 0 ||
  split.overrides.some((override) => movesTensors(override) && override.place === HOST)

/**
 * Orders verdicts on several machines, best first: what fits on GPUs, what fits with the host's help, what does not fit by
 * how little it lacks at its worst place, and last what the engine refuses. Within a kind, the most to spare first.
 */
export const byVerdict = (a: Verdict, b: Verdict): number => {
  const [first, second] = [rankOf(a), rankOf(b)]
  // Not a difference of the headrooms, which is NaN between two infinities.
  return first.kind - second.kind || Number(first.headroom < second.headroom) - Number(first.headroom > second.headroom)
}

function rankOf(verdict: Verdict): { readonly kind: number; readonly headroom: number } {
  if (verdict.fits) return { kind: needsHost(verdict.best) ? 1 : 0, headroom: leastHeadroom(verdict.best) }
  return verdict.nearest ? { kind: 2, headroom: least(verdict.nearest.memory) } : { kind: 3, headroom: -Infinity }
}
