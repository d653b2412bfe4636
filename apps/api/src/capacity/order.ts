import type { HostsResult, LargestResult, UpgradesResult } from './schema.ts'

const byName = (one: Named, other: Named): number => one.machine.name.localeCompare(other.machine.name)

interface Named {
  readonly machine: { readonly name: string }
}

const sizeOf = ({ weights }: LargestResult): number => weights.onGpus?.file.weightBytes ?? 0

export const byLargest = (one: LargestResult, other: LargestResult): number =>
  sizeOf(other) - sizeOf(one) || byName(one, other)

const standings = { gpus: 0, host: 1, nowhere: 2 } as const

/** What lacks least comes before what lacks more, and last what the engine refuses. */
const room = ({ headroom, lacks }: HostsResult['standing']): number => headroom ?? -(lacks ?? Number.MAX_SAFE_INTEGER)

export const byStanding = (one: HostsResult, other: HostsResult): number =>
  standings[one.standing.on] - standings[other.standing.on] ||
  room(other.standing) - room(one.standing) ||
  byName(one, other)

const needs = { upgradable: 0, hosts: 1, 'out-of-reach': 2 } as const

export const byNeed = (one: UpgradesResult, other: UpgradesResult): number =>
  needs[one.state] - needs[other.state] || byName(one, other)
