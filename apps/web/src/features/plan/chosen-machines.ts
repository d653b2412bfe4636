import { filterMachines, readMachineQuery } from '@berth/core'
import type { MachineView } from '../../trpc/types.ts'
import type { PlanInputs } from './plan-inputs.ts'

/** The machines that a plan is asked of: those named, those of a list, or all; and the one that is open in any case. */
export function chosenMachines(
  machines: readonly MachineView[],
  { machines: named, among, machine: open }: Pick<PlanInputs, 'machines' | 'among' | 'machine'>,
): readonly MachineView[] {
  const ids = named === null ? undefined : new Set(named.split(','))
  const listed = ids === undefined ? machines : machines.filter(({ id }) => ids.has(id))
  const { filter } = readMachineQuery([...new URLSearchParams(among ?? '')]).query
  const found = new Set(filterMachines(listed, filter))
  return machines.filter((machine) => found.has(machine) || machine.id === open)
}
