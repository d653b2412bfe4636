import { explainMemoryLedger, type MemoryClaims, memoryLedger, type MemoryLedgerPlace, placeName } from '@berth/core'
import type { Queries } from '../db.ts'
import { notFound } from '../errors.ts'
import { snapshotsOfPlans } from '../plan/repository.ts'
import { everyLive } from '../reservation/repository.ts'
import { findMachine } from './repository.ts'
import type { MachineMemory } from './memory-schema.ts'
import type { MachineView } from './schema.ts'

/**
 * What is measured, reserved and planned of a machine's memory.
 *
 * @throws {ApiError} `not-found`
 */
export async function machineMemory(db: Queries, teamId: string, id: string): Promise<MachineMemory> {
  const machine = await findMachine(db, teamId, id)
  if (machine === undefined) throw notFound('machine', id)
  const claims = { reserved: await reservedOn(db, teamId, id), planned: await plannedOn(db, teamId, id) }
  return {
    machine: { id: machine.id, name: machine.name },
    places: memoryLedger(machine, claims).map((place) => toPlace(place, machine)),
  }
}

async function reservedOn(db: Queries, teamId: string, id: string): Promise<MemoryClaims['reserved']> {
  const now = new Date()
  const live = await everyLive(db, teamId, { now, machineId: [id] })
  return live.flatMap(({ id: reservation, purpose, memory, window }) =>
    memory.map(({ place, bytes }) => ({
      ...{ id: reservation, name: purpose, bytes, active: window.start <= now.getTime() },
      ...(place.kind === 'device' && { device: place.device }),
    })),
  )
}

async function plannedOn(db: Queries, teamId: string, id: string): Promise<MemoryClaims['planned']> {
  const plans = await snapshotsOfPlans(db, teamId, id)
  return plans.flatMap((plan) =>
    plan.snapshot.memory.map(({ place, bytes }) => ({
      ...{ id: plan.id, name: plan.name, bytes },
      ...(place.kind === 'device' && { device: place.device }),
    })),
  )
}

function toPlace(ledger: MemoryLedgerPlace, machine: MachineView): MachineMemory['places'][number] {
  const { device, capacity, measured, measuredBeside, reserved, planned, free } = ledger
  const place = device === undefined ? ({ kind: 'host' } as const) : ({ kind: 'device', device } as const)
  const { keptByPolicy, keptByDriver } = ledger
  return {
    place,
    name: placeName(place, machine),
    capacity: capacity ?? null,
    ...{ keptByPolicy, keptByDriver },
    measured: measured === undefined ? null : { bytes: measured, beside: measuredBeside, readAt: machine.readAt },
    reserved: { ...reserved, by: reserved.by.map(({ device: _, ...claim }) => claim) },
    planned: { ...planned, by: planned.by.map(({ device: _, ...claim }) => claim) },
    free: { now: free.now ?? null, afterReserved: free.afterReserved ?? null },
    explanation: explainMemoryLedger(ledger),
  }
}
