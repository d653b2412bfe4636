import type { MachineView } from '../machine/schema.ts'
import type { PlanResult } from './schema.ts'

/** What an answer says of the machine it is about. */
export const judgedMachine = ({ id, name, sample, maintenance, stale }: MachineView): PlanResult['machine'] => ({
  id,
  name,
  sample,
  maintenance,
  stale,
})
