import { needsHost } from '../rank.ts'
import type { Rule } from './rule.ts'

/**
 * Full offload needs little of the host and is planned without knowing what it holds. Blocks, experts or a cache kept
 * there are not: how much there is must be known first.
 */
export const hostMemoryKnown: Rule = (placement) => {
  const host = placement.memory.find(({ place }) => place.kind === 'host')
  return needsHost(placement) && host?.capacityUnknown
    ? [{ code: 'host-memory-unknown', requested: host.required }]
    : []
}
