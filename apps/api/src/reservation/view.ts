import { instant, isLive, placeName, reservationState } from '@berth/core'
import type { Queries } from '../db.ts'
import { promiseFlagOf } from '../drift/flag.ts'
import { machinesById } from '../machine/by-id.ts'
import { planNames } from '../plan/repository.ts'
import { timeOf, timesOf } from './check.ts'
import type { StoredReservation } from './rows.ts'
import type { ReservationView } from './schema.ts'

/** Reservations as they are shown; their states are of `now`. */
export async function toViews(
  db: Queries,
  teamId: string,
  { reservations, now }: { readonly reservations: readonly StoredReservation[]; readonly now: number },
): Promise<readonly ReservationView[]> {
  const ids = reservations.flatMap(({ planId }) => (planId === null ? [] : [planId]))
  const plans = await planNames(db, teamId, [...new Set(ids)])
  const live = reservations.filter((reservation) => isLive(stateAt(reservation, now)))
  const machines = await machinesById(
    db,
    teamId,
    live.map(({ machine }) => ({ machineId: machine.id })),
  )
  return reservations.map((reservation) => ({
    ...toView(reservation, plans, now),
    drift: live.includes(reservation)
      ? promiseFlagOf(reservation.reservedFor.inventory, machines.get(reservation.machine.id))
      : null,
  }))
}

function toView(
  reservation: StoredReservation,
  plans: ReadonlyMap<string, string>,
  now: number,
): Omit<ReservationView, 'drift'> {
  const { id, purpose, owner, machine, planId, reservedFor, memory, window, revision } = reservation
  const planName = planId === null ? undefined : plans.get(planId)
  return {
    id,
    purpose,
    owner,
    state: stateAt(reservation, now),
    machine: { id: machine.id, name: machine.name },
    plan: planId === null || planName === undefined ? null : { id: planId, name: planName },
    model: reservedFor.modelName,
    engine: reservedFor.inputs?.engine ?? null,
    memory: memory.map(({ place, bytes }) => ({ place, name: placeName(place, machine), bytes })),
    ...timesOf(window),
    releasedAt: reservation.releasedAt?.toISOString() ?? null,
    revision,
    createdAt: timeOf(reservation.createdAt.getTime()),
    updatedAt: timeOf(reservation.updatedAt.getTime()),
  }
}

export const stateAt = (
  { window, releasedAt }: Pick<StoredReservation, 'window' | 'releasedAt'>,
  now: number,
): ReservationView['state'] =>
  reservationState({ window, releasedAt: releasedAt && instant(releasedAt.getTime()) }, instant(now))
