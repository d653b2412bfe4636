import type { OverheadTerm } from '../../memory/overhead.ts'
import { bytes } from '../../units.ts'
import { deviceOverhead } from '../device-overhead.ts'
import type { Workplace } from '../judge.ts'
import type { MemoryShortage, Placement, PlaceMemory, Reason } from '../verdict.ts'
import type { Rule } from './rule.ts'

/** No place that is used may need more than it has, less what others hold and what must stay free. */
export const capacity: Rule = (placement, workplace) =>
  placement.memory
    .filter(({ required, headroom }) => required > 0 && headroom < 0)
    .map((memory) => shortageOf(memory, placement, workplace))

function shortageOf(memory: PlaceMemory, placement: Placement, workplace: Workplace): Reason {
  const { place, required: requested, used, margin, capacity: total, headroom, atFirstPrompt } = memory
  const shortage: MemoryShortage = { place, requested, used, margin, capacity: total }
  const cause = headroom + atFirstPrompt >= 0 ? causeOf(memory, placement, workplace) : undefined
  if (!cause) return { code: 'insufficient-memory', ...shortage }
  const loaded = bytes(requested - atFirstPrompt)
  return {
    code: 'insufficient-memory-at-first-prompt',
    ...shortage,
    loaded,
    cause: cause.name,
    causeBytes: cause.bytes,
  }
}

/** Of what the first prompt adds, the part that the request decides: the pool's, which comes first. */
const causeOf = ({ place }: PlaceMemory, placement: Placement, workplace: Workplace): OverheadTerm | undefined =>
  deviceOverhead(placement, place, workplace)?.terms.find(({ when }) => when === 'first-prompt')
