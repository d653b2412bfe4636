import type { Machine } from '../machine/machine.ts'
import { formatBytes } from '../units.ts'
import { placeName } from './explain.ts'
import {
  type CreationInput,
  type CreationMoment,
  type CreationStep,
  type MemoryOverTime,
  memoryOverTime,
  oneAfterTheOther,
} from './memory-over-time.ts'

/** A step in words: "context of B". */
export const explainStep = ({ resident, event }: CreationStep, names: readonly string[]): string =>
  `${events[event]} of ${names[resident]}`

const events = {
  weights: 'weights',
  context: 'context',
  'first-prompt': 'first prompt',
} as const satisfies Record<CreationStep['event'], string>

/** How it ends, and what to create in which order: since nothing is given back, no order makes room. */
export function explainMemoryOverTime(
  input: CreationInput,
  { moments, failure }: MemoryOverTime,
  names: readonly string[],
): string {
  const last = moments.at(-1)
  if (!last) return 'Nothing is loaded.'
  if (!failure) return `All of them run${roomLeft(last, input.machine)}. Any other order ends the same.`
  const { step, place, lacking } = failure
  const died = `Step ${moments.length}, the ${explainStep(step, names)}, lacks ${formatBytes(lacking)} on ${placeName(place, input.machine)}.`
  const safest = memoryOverTime(input, oneAfterTheOther(input.residents.length)).failure!
  return `${died} No order avoids it, as nothing is given back. Create each context right after its weights and send it a prompt before the next model is loaded: then the ${explainStep(safest.step, names)} fails, and those before it run on.`
}

/** On the devices: it is them that models compete for. */
function roomLeft({ places }: CreationMoment, machine: Machine): string {
  const known = places.flatMap(({ place, left }) =>
    left === undefined || place.kind === 'host' ? [] : [`${formatBytes(left)} left on ${placeName(place, machine)}`],
  )
  return known.length > 0 ? `, with ${known.join(', ')}` : ''
}
