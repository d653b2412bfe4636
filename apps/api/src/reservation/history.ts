import { keyOf } from '@berth/core'
import type { Queries } from '../db.ts'
import type { By } from '../history/by.ts'
import { labelOf } from '../history/differences.ts'
import { recordChange } from '../history/repository.ts'
import type { Difference } from '../history/schema.ts'
import { timesOf } from './check.ts'
import type { StoredReservation } from './rows.ts'

interface Written {
  readonly teamId: string
  readonly by: By
}

export const recordReserved = (db: Queries, { teamId, by }: Written, after: StoredReservation): Promise<void> =>
  recordChange(db, {
    ...{ teamId, by, machine: after.machine, action: 'reserved' },
    differences: ofWhole(after).map(([path, text]) => ({ path, before: null, after: text })),
  })

export const recordReleased = (db: Queries, { teamId, by }: Written, before: StoredReservation): Promise<void> =>
  recordChange(db, {
    ...{ teamId, by, machine: before.machine, action: 'reservation-released' },
    differences: ofWhole(before).map(([path, text]) => ({ path, before: text, after: null })),
  })

/** Of a move to another machine both are told: one that it leaves, the other that it comes. */
export async function recordChanged(
  db: Queries,
  written: Written,
  [before, after]: readonly [StoredReservation, StoredReservation],
): Promise<void> {
  if (before.machine.id !== after.machine.id) {
    await recordReleased(db, written, before)
    await recordReserved(db, written, after)
    return
  }
  const { teamId, by } = written
  const differences = ofChange(ofWhole(before), ofWhole(after))
  await recordChange(db, { teamId, by, machine: after.machine, action: 'reservation-changed', differences })
}

type Fields = readonly (readonly [path: string, text: string])[]

/** The purpose says which reservation it is, and is told whether it differs or not. */
function ofChange(before: Fields, after: Fields): readonly Difference[] {
  const [old, now] = [new Map(before), new Map(after)]
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((path) => ({ path, before: old.get(path) ?? null, after: now.get(path) ?? null }))
    .filter((one) => one.path === PURPOSE || one.before !== one.after)
}

const PURPOSE = 'reservation'

function ofWhole({ purpose, owner, machine, memory, window }: StoredReservation): Fields {
  const { startsAt, endsAt } = timesOf(window)
  const devices = new Map(machine.devices.map((device) => [String(device.id), device]))
  return [
    [PURPOSE, purpose],
    ['reserved for', owner],
    ['reserved from', startsAt],
    ['reserved until', endsAt ?? 'no end'],
    ...memory.map(({ place, bytes }) => {
      const device = devices.get(keyOf(place))
      const name = place.kind === 'host' ? 'host' : device === undefined ? place.device : labelOf(device)
      return [`${name} reserved.bytes`, String(bytes)] as const
    }),
  ]
}
