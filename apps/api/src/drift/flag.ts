import {
  type DriftFinding,
  driftOf,
  explainDrift,
  type Inventory,
  type MachineToday,
  promiseDriftOf,
  weighAtAGlance,
  worstOf,
} from '@berth/core'
import type { DriftFlag } from './schema.ts'

/** What a machine says of a plan that relied on it, by comparing alone. */
export const flagOf = (inventory: Inventory | undefined, now: MachineToday | undefined): DriftFlag =>
  flag(inventory ? driftOf(inventory, now) : [])

/** The same of a reservation. */
export const promiseFlagOf = (inventory: Inventory | undefined, now: MachineToday | undefined): DriftFlag =>
  flag(inventory ? promiseDriftOf(inventory, now) : [])

function flag(found: readonly DriftFinding[]): DriftFlag {
  const findings = weighAtAGlance(found)
  const severity = worstOf(findings)
  return severity === undefined ? null : { severity, sentences: findings.map((finding) => explainDrift(finding)) }
}
