import type { Rule } from './rule.ts'

/**
 * Full offload needs little of the host and is planned without knowing what it holds. Blocks, experts or a cache kept
 * there are not: how much there is must be known first.
 */
export const hostMemoryKnown: Rule = ({ split, settings, memory }) => {
  const host = memory.find(({ place }) => place.kind === 'host')
  const reliesOnHost = split.hostBlocks > 0 || split.expertsOnHost > 0 || !settings.offloadKqv
  return reliesOnHost && host?.capacityUnknown ? [{ code: 'host-memory-unknown', requested: host.required }] : []
}
