import { refusalsOf } from '../decide.ts'
import { deviceGroups } from '../device-groups.ts'
import type { Workplace } from '../judge.ts'
import { largestFirst, occupiedBy, workplaceOf } from '../plan-input.ts'
import { MOST_DEVICES_IN_ANY_ORDER } from '../search/any-order.ts'
import type { JointInput } from '../together.ts'
import type { Placement } from '../verdict.ts'
import { bytes } from '../../units.ts'
import { isSpent } from './bounds.ts'
import { deviceKeys, type JointOption, jointOptions } from './options.ts'
import { jointSplits } from './search.ts'

/** A step, a segment tried or a set of devices looked at, is under a microsecond; a replay, counted by devices, a millisecond. */
const MOST_EFFORT = { steps: 1_000_000, replays: 400 }

/** More than any models take of a host. */
const BOUNDLESS = bytes(2 ** 52)

export interface Searched {
  /** By tenant. */
  readonly placed?: ReadonlyMap<number, Placement>
  /** Where nothing was placed: whether there is nothing to be found. */
  readonly proven: boolean
}

/** A joint placement among all contiguous splits of all tenants: first on devices alone, then with the host's help. */
export function searchAll(input: JointInput, { mayRelyOnHost }: { readonly mayRelyOnHost: boolean }): Searched {
  const { machine, tenants } = input
  const plans = tenants.map((tenant) => ({ ...tenant, machine, ...occupiedBy([], input) }))
  if (plans.some((one) => refusalsOf(one).length > 0 || deviceGroups(machine, one.engine).length === 0)) {
    return { proven: true }
  }
  const workplaces = plans.map(workplaceOf)
  // An engine's own choice, or layers cut over all devices, is no contiguous split.
  if (workplaces.some(({ engine, settings }) => engine.controls.placesItself || settings.splitMode === 'tensor')) {
    return { proven: false }
  }
  if (machine.devices.length > MOST_DEVICES_IN_ANY_ORDER) return { proven: false }
  const options = workplaces.map(jointOptions)
  const onDevices = options.map((some) => some.filter(({ reliesOnHost }) => !reliesOnHost))
  const found = search(onDevices, input)
  const more = options.some((some, at) => some.length > onDevices[at]!.length)
  if (found.placed || !mayRelyOnHost || !more) return found
  const withHost = search(options, input)
  return withHost.placed ? withHost : { proven: withHost.proven && !mayHelpInPart(workplaces, input) }
}

/**
 * A part of a block's experts on the host is no shape of these. It needs no less of the devices than all of them there, so it
 * could help only where the host is what lacks.
 */
function mayHelpInPart(workplaces: readonly Workplace[], input: JointInput): boolean {
  if (!workplaces.some(({ model, engine }) => model.expertCount > 0 && engine.controls.expertsOnHost)) return false
  const machine = { ...input.machine, hostMemoryTotal: BOUNDLESS }
  const { placed, proven } = search(
    workplaces.map((workplace) => jointOptions({ ...workplace, machine })),
    { ...input, machine },
  )
  return placed !== undefined || !proven
}

function search(tenants: readonly (readonly JointOption[])[], { machine, tenants: asked }: JointInput): Searched {
  const order = largestFirst(asked)
  const problem = {
    tenants: order.map((tenant) => tenants[tenant]!),
    deviceCount: machine.devices.length,
    keys: deviceKeys(tenants, machine),
    effort: { ...MOST_EFFORT },
  }
  const found = jointSplits(problem)
  if (!found) return { proven: !isSpent(problem.effort) }
  return { placed: new Map(found.map(({ placement }, at) => [order[at]!, placement])), proven: true }
}
