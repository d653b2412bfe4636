import type { Machine } from '../../machine/machine.ts'
import { heldInAll } from '../../machine/memory-held.ts'
import type { OverheadTerm } from '../../memory/overhead.ts'
import { bytes } from '../../units.ts'
import { deviceOverhead } from '../device-overhead.ts'
import type { Workplace } from '../judge.ts'
import type { MemoryShortage, Place, Placement, PlaceMemory, Reason } from '../verdict.ts'
import type { Rule } from './rule.ts'

/** No place that is used may need more than it has, less what others hold and what must stay free. */
export const capacity: Rule = (placement, workplace) =>
  placement.memory
    .filter(({ required, headroom }) => required > 0 && headroom < 0)
    .map((memory) => shortageOf(memory, placement, workplace))

function shortageOf(memory: PlaceMemory, placement: Placement, workplace: Workplace): Reason {
  const { place, required: requested, used, reserved, margin, capacity: total, headroom, atFirstPrompt } = memory
  const exceeds = requested + heldInAll(memory) > total
  const spills = exceeds && spillsFrom(place, workplace.machine) ? ({ spills: true } as const) : {}
  const held = { used, ...(reserved !== undefined && { reserved }) }
  const shortage: MemoryShortage = { place, requested, ...held, margin, capacity: total, ...spills }
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

/**
 * NVIDIA's driver for Windows gives CUDA shared system memory where a card has no more ("CUDA - Sysmem Fallback Policy", on
 * since driver 536.40). Cards in TCC mode do not; no tool that is read tells them apart by name.
 */
const spillsFrom = (place: Place, { os, devices }: Machine): boolean =>
  os === 'windows' &&
  place.kind === 'device' &&
  devices.some(({ id, backend }) => id === place.device && backend === 'cuda')

/** Of what the first prompt adds, the part that the request decides: the pool's, which comes first. */
const causeOf = ({ place }: PlaceMemory, placement: Placement, workplace: Workplace): OverheadTerm | undefined =>
  deviceOverhead(placement, place, workplace)?.terms.find(({ when }) => when === 'first-prompt')
