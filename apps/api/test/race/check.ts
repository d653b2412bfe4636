import type { Event, Written } from './history.ts'

/** Bytes of one device held for a while, by the checker's own reckoning: it shares no code with what it checks. */
export interface Held {
  readonly device: string
  readonly bytes: number
  readonly startsAt: number
  readonly endsAt: number
}

/** How much more than the capacity is held in the worst moment of each device, together. */
export function oversold(held: readonly Held[], capacityOf: (device: string) => number): number {
  let total = 0
  for (const [device, claims] of grouped(held, (one) => one.device)) {
    const peaks = claims.map(({ startsAt: at }) =>
      claims.reduce((sum, one) => (one.startsAt <= at && at < one.endsAt ? sum + one.bytes : sum), 0),
    )
    total += Math.max(0, Math.max(0, ...peaks) - capacityOf(device))
  }
  return total
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? []
    group.push(item)
    groups.set(keyOf(item), group)
  }
  return groups
}

export const heldBy = ({ memory, startsAt, endsAt }: Pick<Written, 'memory' | 'startsAt' | 'endsAt'>): Held[] =>
  memory.map(({ place, bytes }) => ({
    device: place.kind === 'device' ? place.device : 'host',
    bytes,
    startsAt: Date.parse(startsAt),
    endsAt: endsAt === null ? Number.POSITIVE_INFINITY : Date.parse(endsAt),
  }))

/** A state of a reservation on a machine, and between which writes of that machine it is known to have held. */
interface Known {
  readonly from: number
  readonly until: number
  readonly held: readonly Held[]
}

type Acknowledged = Extract<Event, { readonly kind: 'acknowledged' }>

/** The second number of an index counts the writes of reservations on its machine. */
const orderOf = ({ inventoryIndex }: Written): number => Number(inventoryIndex.split('.')[1])

/**
 * The history replayed machine by machine, in the order of its writes: the most that was oversold after any of them. Of a
 * write that nobody knows the outcome of, and of one that left for another machine, it counts what is certain.
 */
export function replay(events: readonly Event[], capacityOf: (device: string) => number): number {
  const acknowledged = events.filter((event): event is Acknowledged => event.kind === 'acknowledged')
  const unknown = new Set(events.flatMap((event) => (event.kind === 'unknown' ? [event.id] : [])))
  const known = new Map<string, Known[]>()
  for (const [id, states] of grouped(acknowledged, ({ reservation }) => String(reservation.id))) {
    states.forEach((state, at) => {
      const { reservation, released } = state
      const next = states[at + 1]
      const from = orderOf(reservation)
      const stays = next?.reservation.machine.id === reservation.machine.id
      const certain = next === undefined ? (unknown.has(id) ? from + 1 : Number.POSITIVE_INFINITY) : from + 1
      const until = next !== undefined && stays ? orderOf(next.reservation) : certain
      const on = known.get(reservation.machine.id) ?? []
      known.set(reservation.machine.id, on)
      on.push({ from, until, held: released ? [] : heldBy(reservation) })
    })
  }
  const worst = [...known.values()].flatMap((states) =>
    states.map(({ from: now }) => {
      const held = states.filter(({ from, until }) => from <= now && now < until).flatMap((state) => state.held)
      return oversold(held, capacityOf)
    }),
  )
  return Math.max(0, ...worst)
}

/** A reservation as the tables have it. */
export interface Stored {
  readonly id: string
  readonly purpose: string
  readonly revision: number
  readonly machineId: string
  readonly released: boolean
  readonly startsAt: string
  readonly endsAt: string | null
  /** Bytes by device. */
  readonly memory: ReadonlyMap<string, number>
  /** What of it holds memory. */
  readonly live: readonly Held[]
}

/** Every acknowledged write that the tables do not have, and everything they have that nobody asked for. */
export function lost(events: readonly Event[], stored: readonly Stored[]): readonly string[] {
  const last = new Map<string, Acknowledged>()
  for (const event of events) if (event.kind === 'acknowledged') last.set(event.reservation.id, event)
  const unknown = new Set(events.flatMap((event) => (event.kind === 'unknown' ? [event.id] : [])))
  const maybe = new Set(events.flatMap((event) => (event.kind === 'unknown-new' ? [event.purpose] : [])))
  const found = new Map(stored.map((one) => [one.id, one]))
  const missing = [...last].flatMap(([id, event]) => {
    const { purpose, revision } = event.reservation
    const one = found.get(id)
    if (one === undefined) return [`${purpose} is gone`]
    if (isAsAcknowledged(one, event)) return []
    if (unknown.has(id) && one.revision === revision + 1) return []
    return [`${purpose} is at revision ${one.revision}, acknowledged was ${revision}`]
  })
  const extra = stored.filter(({ id, purpose }) => !last.has(id) && !maybe.has(purpose))
  return [...missing, ...extra.map(({ purpose }) => `${purpose} was never acknowledged`)]
}

/** In both tables: what is told of it, and what it holds by that. */
function isAsAcknowledged(one: Stored, { reservation, released }: Acknowledged): boolean {
  const { revision, machine, startsAt, endsAt } = reservation
  const held = heldBy(reservation)
  return (
    JSON.stringify([one.revision, one.machineId, one.released, one.startsAt, one.endsAt]) ===
      JSON.stringify([revision, machine.id, released, startsAt, endsAt]) &&
    one.memory.size === held.length &&
    held.every(({ device, bytes }) => one.memory.get(device) === bytes) &&
    isSame(one.live, released ? [] : held)
  )
}

const isSame = (one: readonly Held[], other: readonly Held[]): boolean => {
  const text = (held: readonly Held[]) =>
    held
      .map(({ device, bytes, startsAt, endsAt }) => [device, bytes, startsAt, String(endsAt)].join(' '))
      .toSorted()
      .join()
  return text(one) === text(other)
}
