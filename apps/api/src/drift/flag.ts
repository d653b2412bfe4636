import { driftOf, explainDrift, type Inventory, type MachineToday, weighAtAGlance, worstOf } from '@berth/core'
import type { DriftFlag } from './schema.ts'

/** What a machine says of what relied on it, by comparing alone. */
export function flagOf(inventory: Inventory | undefined, now: MachineToday | undefined): DriftFlag {
  const findings = weighAtAGlance(inventory ? driftOf(inventory, now) : [])
  const severity = worstOf(findings)
  return severity === undefined ? null : { severity, sentences: findings.map((finding) => explainDrift(finding)) }
}
