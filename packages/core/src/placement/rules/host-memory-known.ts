import { needsHost } from '../rank.ts'
import type { Placement, PlaceMemory } from '../verdict.ts'
import type { Rule } from './rule.ts'

/**
 * Full offload needs little of the host and is planned without knowing what it holds. Blocks, experts or a cache kept
 * there are not: how much there is must be known first.
 */
export const hostMemoryKnown: Rule = (placement) => {
  const host = reliedHost(placement)
  return host?.capacityUnknown ? [{ code: 'host-memory-unknown', requested: host.required }] : []
}

/** Whether it may fit or not, by how much the host has. */
export const reliesOnUnknownHost = (placement: Placement): boolean => reliedHost(placement)?.capacityUnknown === true

const reliedHost = (placement: Placement): PlaceMemory | undefined =>
  needsHost(placement) ? placement.memory.find(({ place }) => place.kind === 'host') : undefined
