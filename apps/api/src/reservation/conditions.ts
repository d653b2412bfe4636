import type { ReservationState } from '@berth/core'
import type { Prisma } from '../generated/sqlite/client.ts'

type Where = Prisma.ReservationWhereInput

export interface ReservationFilter {
  readonly machineId?: readonly string[] | undefined
  readonly planId?: string | undefined
  readonly state?: readonly ReservationState[] | undefined
  readonly owner?: readonly string[] | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export const conditionsOf = (
  { machineId: on, planId, state, owner, from, to }: ReservationFilter,
  now: Date,
): Where[] => [
  ...(on === undefined ? [] : [{ machineId: { in: [...on] } }]),
  ...(planId === undefined ? [] : [{ planId }]),
  ...(owner === undefined ? [] : [{ owner: { in: [...owner] } }]),
  ...(state === undefined ? [] : [{ OR: state.map((one) => ({ AND: whereState(now)[one] })) }]),
  ...(from === undefined
    ? []
    : [notOverBefore(new Date(from)), { OR: [{ releasedAt: null }, { releasedAt: { gt: new Date(from) } }] }]),
  ...(to === undefined ? [] : [{ startsAt: { lt: new Date(to) } }]),
]

export const notOverBefore = (at: Date): Where => ({ OR: [{ endsAt: null }, { endsAt: { gt: at } }] })

/** As the core's `reservationState` says it. */
const whereState = (now: Date): Readonly<Record<ReservationState, Where[]>> => ({
  planned: [{ releasedAt: null, startsAt: { gt: now } }],
  active: [{ releasedAt: null, startsAt: { lte: now } }, notOverBefore(now)],
  expired: [{ releasedAt: null, endsAt: { lte: now } }],
  released: [{ releasedAt: { not: null } }],
})
