import type { MachineOverrides } from '@berth/core'
import type { Queries } from '../db.ts'
import { recordChange } from '../history/repository.ts'
import type { Difference } from '../history/schema.ts'
import { keepReservable } from '../reserved-memory/repository.ts'
import type { By } from '../history/by.ts'

export interface OverriddenMachine {
  readonly teamId: string
  readonly machine: { readonly id: string; readonly name: string }
  readonly overrides: MachineOverrides
  /** Whether figures were set, or only let go. */
  readonly action: 'overridden' | 'restored'
  readonly differences: readonly Difference[]
  readonly by: By
}

/** Everything that is set on a machine becomes as given. */
export async function saveOverrides(
  db: Queries,
  { teamId, machine, overrides, action, differences, by }: OverriddenMachine,
): Promise<void> {
  await db.machine.update({
    where: { teamId_id: { teamId, id: machine.id } },
    data: { overrides: JSON.stringify(overrides.machine), revision: { increment: 1 } },
  })
  for (const [id, set] of overrides.devices) {
    await db.device.updateMany({
      where: { teamId, machineId: machine.id, id },
      data: { overrides: JSON.stringify(set) },
    })
  }
  const where = { teamId_id: { teamId, id: machine.id } }
  await keepReservable(db, await db.machine.findUniqueOrThrow({ where, include: { devices: true } }))
  await recordChange(db, { teamId, machine, action, differences, by })
}
