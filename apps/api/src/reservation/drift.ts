import {
  explainDrift,
  instant,
  isLive,
  promiseDriftOf,
  type TimeWindow,
  weighAtAGlance,
  withReserved,
  worstOf,
} from '@berth/core'
import type { Context } from '../context.ts'
import type { DriftDetail } from '../drift/schema.ts'
import type { MachineView } from '../machine/schema.ts'
import { findMachine } from '../machine/repository.ts'
import { driftOfSaved } from '../plan/drift.ts'
import { judgeInputs } from '../plan/judge-saved.ts'
import { claimsOn } from '../reserved-memory/repository.ts'
import type { StoredReservation } from './rows.ts'
import { stateAt } from './view.ts'

/** What is another under a reservation that holds or will, and what would bring it back; of what is over, nothing. */
export async function driftOfReservation(
  ctx: Context,
  reservation: StoredReservation,
  { now, signal }: { readonly now: number; readonly signal?: AbortSignal | undefined },
): Promise<DriftDetail> {
  const { inventory, inputs } = reservation.reservedFor
  const machine = await findMachine(ctx.services.database.client, ctx.teamId, reservation.machine.id)
  if (!inventory || !machine || !isLive(stateAt(reservation, now))) return null
  const found = promiseDriftOf(inventory, machine)
  if (found.length === 0) return null
  if (inputs === null) return glanced(found)
  const judged = await judgeInputs(ctx, { plan: inputs, machine: await withoutOwn(ctx, machine, reservation) }, signal)
  return driftOfSaved(ctx, { inventory, found }, judged, signal)
}

/** Bytes that were given are for nothing that could be judged. */
function glanced(found: ReturnType<typeof promiseDriftOf>): DriftDetail {
  const findings = weighAtAGlance(found)
  return {
    severity: worstOf(findings)!,
    sentences: findings.map((finding) => explainDrift(finding)),
    findings: findings.map(({ severity, ...finding }) => ({ finding, severity, sentence: explainDrift(finding) })),
    repairs: [],
  }
}

/** The machine as others have reserved it, from now on; of what was measured, its own use stays its own. */
async function withoutOwn(
  { services, teamId }: Context,
  machine: MachineView,
  { id, window }: StoredReservation,
): Promise<MachineView> {
  const now = Date.now()
  const all = (await claimsOn(services.database.client, teamId, { ids: [machine.id], now })).get(machine.id)
  if (all === undefined) return machine
  const others = new Map(
    [...all].map(([place, claims]) => [place, claims.filter(({ reservation }) => reservation !== id)] as const),
  )
  const bare = withoutReserved(machine)
  const readAt = machine.readAt === null ? null : instant(Date.parse(machine.readAt))
  const promised = withReserved(bare, others, { window: fromNow(window, now), readAt: null })
  const whenRead = withReserved(bare, all, { window: fromNow(window, now), readAt })
  return {
    ...bare,
    ...promised,
    ...(whenRead.hostMemoryReservedWhenRead !== undefined && {
      hostMemoryReservedWhenRead: whenRead.hostMemoryReservedWhenRead,
    }),
    devices: promised.devices.map((device, at) => {
      const { memoryReservedWhenRead } = whenRead.devices[at]!
      return { ...device, ...(memoryReservedWhenRead !== undefined && { memoryReservedWhenRead }) }
    }),
  }
}

const fromNow = ({ start, end }: TimeWindow, now: number): TimeWindow => ({
  start: instant(Math.max(start, now)),
  end,
})

function withoutReserved(machine: MachineView): MachineView {
  const { hostMemoryReserved: _promised, hostMemoryReservedWhenRead: _then, ...rest } = machine
  return {
    ...rest,
    devices: machine.devices.map(({ memoryReserved: _its, memoryReservedWhenRead: _was, ...device }) => device),
  }
}
