import type { ReservationId } from '../ids.ts'
import type { Machine } from '../machine/machine.ts'
import { placeName } from '../placement/explain.ts'
import { formatBytes, type Instant } from '../units.ts'
import type { Claim } from './claims.ts'
import type { ReservationConflict } from './conflict.ts'
import type { PlacesIssue } from './places.ts'

/** A reservation as a sentence names it. */
export interface NamedReservation {
  readonly purpose: string
  readonly owner: string
}

/** More than a person reads in one sentence. */
const SHOWN = 3

/** What the numbers of a conflict stand for; the core knows no calendar. */
export interface ConflictWords {
  readonly machine: Machine
  readonly nameOf: (id: ReservationId) => NamedReservation
  readonly timeOf: (at: Instant) => string
}

/** What stands in the way, and when. */
export function explainConflict(conflict: ReservationConflict, words: ConflictWords): string {
  const { place, requested, reserved, capacity, short, at, others } = conflict
  const subject = `${placeName(place, words.machine)} cannot give ${formatBytes(requested)}`
  if (others.length === 0) return `${subject}: it has ${formatBytes(capacity)} in all.`
  const holders = others.slice(0, SHOWN).map((claim) => holderOf(claim, words))
  const more = others.length > SHOWN ? ` and ${others.length - SHOWN} more` : ''
  const held = `${formatBytes(reserved)} of ${formatBytes(capacity)} are reserved on ${words.timeOf(at)}`
  return `${subject}: ${held}, by ${holders.join(', ')}${more}; short by ${formatBytes(short)}.`
}

function holderOf({ bytes, window: { end }, reservation }: Claim, { nameOf, timeOf }: ConflictWords): string {
  const { purpose, owner } = nameOf(reservation)
  return `${purpose} of ${owner} (${formatBytes(bytes)} ${end === null ? 'with no end' : `until ${timeOf(end)}`})`
}

/** When it would fit instead. */
export const explainEarliest = (at: Instant | undefined, timeOf: ConflictWords['timeOf']): string =>
  at === undefined ? 'It fits at no later time either, as things are reserved.' : `It fits from ${timeOf(at)} on.`

/** What is wrong with places as they are asked for. */
export const explainPlacesIssue = <Code extends PlacesIssue['code']>(
  issue: Extract<PlacesIssue, { readonly code: Code }>,
  machine: Pick<Machine, 'name'>,
): string => placesSentences[issue.code](issue, machine)

const placesSentences: {
  readonly [Code in PlacesIssue['code']]: (
    issue: Extract<PlacesIssue, { readonly code: Code }>,
    machine: Pick<Machine, 'name'>,
  ) => string
} = {
  'unknown-device': ({ device }, { name }) => `${name} has no device ${device}.`,
  'named-twice': () => 'The place is named twice.',
  'host-memory-unknown': (_, { name }) =>
    `How much memory the host of ${name} has is not known, so none of it can be reserved. Set hostMemoryTotal first.`,
}
