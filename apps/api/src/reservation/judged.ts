import { type Placement, type PlaceBytes, reservedBy } from '@berth/core'
import type { Context } from '../context.ts'
import type { MachineView } from '../machine/schema.ts'
import { judgeInputs } from '../plan/judge-saved.ts'
import type { PlanResult } from '../plan/schema.ts'
import type { ReservedFor } from './reserved-for.ts'

type Inputs = NonNullable<ReservedFor['inputs']>

/** A machine with nothing reserved on it, and with what is in the window. */
export interface JudgedOn {
  readonly bare: MachineView
  readonly reserved: MachineView
}

export type Judged =
  | {
      readonly fits: true
      readonly memory: readonly PlaceBytes[]
      readonly placement: Placement
      readonly warnings: readonly string[]
    }
  | { readonly fits: false; readonly explanation: readonly string[] }

/**
 * What a plan takes of a machine. A reservation is a promise and not a measurement: where the model fits but for what is in
 * use now, which may be this very model running, it is reserved all the same, and where it fits but for what others have
 * reserved, its bytes are worked out so that the others can be named.
 */
export async function judgeForReservation(
  ctx: Context,
  { inputs, on: { bare, reserved } }: { readonly inputs: Inputs; readonly on: JudgedOn },
  signal: AbortSignal | undefined,
): Promise<Judged> {
  const judge = async (machine: MachineView) => (await judgeInputs(ctx, { plan: inputs, machine }, signal)).result
  const asIs = await judge(reserved)
  if (asIs.fits) return taken(asIs, reserved, [])
  const idle = await judge(withoutUse(reserved))
  if (idle.fits) return taken(idle, reserved, [USE_IN_THE_WAY])
  const empty = await judge(withoutUse(bare))
  return empty.fits ? taken(empty, reserved, []) : { fits: false, explanation: empty.explanation }
}

const USE_IN_THE_WAY =
  'What is measured in use now leaves too little room. Unless that is this very model, it must end before this starts.'

function taken(
  { best }: Extract<PlanResult, { fits: true }>,
  machine: MachineView,
  warnings: readonly string[],
): Judged {
  const host = best.memory.some(({ capacityUnknown, required }) => capacityUnknown === true && required > 0)
  const untold = `How much memory the host of ${machine.name} has is not known, so its part is not reserved.`
  return { fits: true, memory: reservedBy(best), placement: best, warnings: [...warnings, ...(host ? [untold] : [])] }
}

function withoutUse(machine: MachineView): MachineView {
  const { hostMemoryUsed: _used, hostMemoryReservedWhenRead: _then, devices, ...rest } = machine
  return {
    ...rest,
    devices: devices.map(({ memoryUsed: _inUse, memoryReservedWhenRead: _held, ...device }) => device),
  }
}
