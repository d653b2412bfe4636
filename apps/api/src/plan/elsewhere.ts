import type { PlanResult } from './schema.ts'

/** Says of each machine that cannot host the model which of the others can. */
export function withElsewhere(results: readonly PlanResult[]): readonly PlanResult[] {
  const elsewhere = results.filter(({ fits }) => fits).map(({ machine }) => machine.id)
  return results.map((result) => (result.fits ? result : { ...result, elsewhere }))
}
