import { deviceId, instant, keyOf, type Place, placeName, stepsOf, type TimeWindow } from '@berth/core'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import { ApiError, notFound } from '../errors.ts'
import { findMachines } from '../machine/repository.ts'
import type { MachineView } from '../machine/schema.ts'
import { timeOf, timesOf } from './check.ts'
import { type HeldPlace, heldBetween } from './repository.ts'
import { MAX_TIMELINE_MACHINES, type timelineInput, type TimelineView } from './timeline-schema.ts'
import { stateAt } from './view.ts'

/** More than any page draws. */
const MAX_BARS = 5000

/** Who holds what, and when: by machine and place. */
export async function timeline(
  ctx: Context,
  { from, to, machineIds }: z.output<typeof timelineInput>,
): Promise<TimelineView> {
  const db = ctx.services.database.client
  const now = Date.now()
  const window = { start: instant(Date.parse(from)), end: instant(Date.parse(to)) }
  const held = await heldBetween(db, ctx.teamId, { window, machineIds, limit: MAX_BARS + 1 })
  if (held.length > MAX_BARS) {
    const message = `There are more than ${MAX_BARS} reservations of places in this time: ask for less of it, or fewer machines.`
    throw new ApiError('limit-exceeded', message, { data: { field: 'to', limit: MAX_BARS } })
  }
  const ids = machineIds ?? [...new Set(held.map(({ machineId }) => machineId))].slice(0, MAX_TIMELINE_MACHINES)
  const machines = await findMachines(db, ctx.teamId, { ids, limit: MAX_TIMELINE_MACHINES })
  const missing = machineIds?.find((id) => !machines.some((machine) => machine.id === id))
  if (missing !== undefined) throw notFound('machine', missing)
  return {
    now: timeOf(now),
    machines: machines.map((machine) => ({
      machine: { id: machine.id, name: machine.name },
      places: placesOf(
        machine,
        held.filter(({ machineId }) => machineId === machine.id),
      ).map((place) => ({ ...place.shown, ...drawn(place.held, window, now) })),
    })),
  }
}

interface ShownPlace {
  readonly shown: Pick<TimelineView['machines'][number]['places'][number], 'place' | 'name' | 'capacity'>
  readonly held: readonly HeldPlace[]
}

/** Every device and the host, and places that are gone while something is still reserved of them. */
function placesOf(machine: MachineView, held: readonly HeldPlace[]): readonly ShownPlace[] {
  const there = machine.devices.map(({ id, memoryTotal }) => ({ key: String(id), capacity: memoryTotal }))
  const known = new Set(['', ...there.map(({ key }) => key)])
  const gone = [...new Set(held.map(({ key }) => key))].filter((key) => !known.has(key))
  const hasHost = machine.hostMemoryTotal !== undefined || held.some(({ key }) => key === '')
  return [
    ...there,
    ...gone.map((key) => ({ key, capacity: null })),
    ...(hasHost ? [{ key: '', capacity: machine.hostMemoryTotal ?? null }] : []),
  ].map(({ key, capacity }) => {
    const place: Place = key === '' ? { kind: 'host' } : { kind: 'device', device: deviceId(key) }
    const shown = { place, name: placeName(place, machine), capacity }
    return { shown, held: held.filter((one) => one.key === keyOf(place)) }
  })
}

const drawn = (held: readonly HeldPlace[], window: TimeWindow, now: number) => ({
  steps: stepsOf(
    held.map(({ claim }) => claim),
    window,
  ).map(({ at, bytes }) => ({ at: timeOf(at), bytes })),
  bars: held
    .toSorted(({ claim: one }, { claim: other }) => one.window.start - other.window.start || other.bytes - one.bytes)
    .map(({ claim, reservation: { id, purpose, owner, ...times } }) => ({
      reservation: { id, purpose, owner, state: stateAt(times, now) },
      bytes: claim.bytes,
      ...timesOf(claim.window),
    })),
})
