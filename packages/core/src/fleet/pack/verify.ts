import { judgeSplit } from '../../placement/judge.ts'
import { type Occupancy, workplaceOf } from '../../placement/plan-input.ts'
import type { LayerSplit, Placement, Reason } from '../../placement/verdict.ts'
import { bytes } from '../../units.ts'
import { type Assigned, leftOn, needsOf } from './assigned.ts'
import type { PlannedProblem } from './formulation.ts'
import type { PackedReplica } from './problem.ts'

export interface Verified {
  readonly placed: readonly PackedReplica[]
  /** What stands against replicas where they were put; empty for a packing that may be started. */
  readonly reasons: readonly Reason[]
}

/** Every replica judged anew by all rules, with what already lies on the machine and all other replicas as held. */
export function verified(problem: PlannedProblem, assigned: readonly Assigned[]): Verified {
  const judged = problem.machines.flatMap((_, machine) =>
    judgedOn(
      problem,
      machine,
      assigned.filter((one) => one.machine === machine),
    ),
  )
  return { placed: judged.map(({ replica }) => replica), reasons: judged.flatMap(({ reasons }) => reasons) }
}

function judgedOn(problem: PlannedProblem, at: number, assigned: readonly Assigned[]) {
  const machine = problem.machines[at]!
  const left = leftOn(machine, problem.options[at]!)
  for (const one of assigned) left.take(one)
  return assigned.map((one) => {
    const { model, engine, request } = problem.demands[one.demand]!
    const others = heldByOthers(one, left.free, problem)
    const workplace = workplaceOf({ model, engine, request, machine, ...others })
    const { placement, reasons } = judgeSplit(splitOf(one, problem), { ...workplace, settings: one.option.settings })
    assertNeeds(placement, one, problem)
    return { replica: { demand: one.demand, machine: at, placement }, reasons }
  })
}

/** Equal cards need the same: all that was added up rests on it. */
function assertNeeds({ memory }: Placement, one: Assigned, { machines }: PlannedProblem): void {
  const { devices, name } = machines[one.machine]!
  for (const { device, bytes: counted } of needsOf(one)) {
    const found = memory.find(({ place }) => place.kind === 'device' && place.device === devices[device]!.id)
    if (found?.required !== counted) {
      throw new Error(`${devices[device]!.id} of ${name} needs ${found?.required} bytes, and ${counted} were counted`)
    }
  }
}

function splitOf({ option, devices, machine }: Assigned, { machines }: PlannedProblem): LayerSplit {
  const cards = machines[machine]!.devices
  return {
    ...option.split,
    devices: option.layers.map((layers, position) => ({ device: cards[devices[position]!]!.id, layers })),
  }
}

function heldByOthers(
  one: Assigned,
  free: { readonly devices: readonly number[]; readonly host: number },
  { machines }: PlannedProblem,
): Required<Occupancy> {
  const machine = machines[one.machine]!
  const own = new Map(needsOf(one).map(({ device, bytes: need }) => [device, need]))
  const used = machine.devices.map(
    ({ id, memoryTotal }, at) => [id, bytes(memoryTotal - free.devices[at]! - (own.get(at) ?? 0))] as const,
  )
  const ownOnHost = machine.devices.reduce(
    (sum, { unified }, at) => sum + (unified ? (own.get(at) ?? 0) : 0),
    one.option.host,
  )
  // Of a host that nobody told the memory of, nothing is asked.
  const hostUsed = (machine.hostMemoryTotal ?? 0) - free.host - ownOnHost
  return { used: new Map(used), hostUsed: bytes(Number.isFinite(hostUsed) ? hostUsed : 0) }
}
