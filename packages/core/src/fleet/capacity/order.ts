import type { Bytes } from '../../units.ts'
import { type EditGain, editGains } from './compare-edit.ts'
import type { UpgradeAnswer } from './one-upgrade-away.ts'
import type { ModelStanding } from './standing.ts'

interface OnMachine {
  readonly machine: { readonly name: string }
}

const byName = (one: OnMachine, other: OnMachine): number => one.machine.name.localeCompare(other.machine.name)

interface WithLargest extends OnMachine {
  readonly weights: { readonly onGpus?: { readonly file: { readonly weightBytes: Bytes } } }
}

const largestOf = ({ weights }: WithLargest): number => weights.onGpus?.file.weightBytes ?? 0

/** By the largest file on GPUs alone, the largest first. */
export const byLargest = (one: WithLargest, other: WithLargest): number =>
  largestOf(other) - largestOf(one) || byName(one, other)

const standings = { gpus: 0, host: 1, nowhere: 2 } as const satisfies Record<ModelStanding['on'], number>

const roomOf = ({ headroom, lacks }: ModelStanding): number => headroom ?? -(lacks ?? Number.MAX_SAFE_INTEGER)

interface WithStanding extends OnMachine {
  readonly standing: ModelStanding
}

/** On GPUs, with host memory, nowhere; of a kind the most to spare first, and last what the engine refuses. */
export const byStanding = (one: WithStanding, other: WithStanding): number =>
  standings[one.standing.on] - standings[other.standing.on] ||
  roomOf(other.standing) - roomOf(one.standing) ||
  byName(one, other)

/** What gains most first; of as much, the larger file. */
export const byGain = (one: WithGain, other: WithGain): number =>
  editGains.indexOf(one.gain) - editGains.indexOf(other.gain) || other.file.weightBytes - one.file.weightBytes

interface WithGain {
  readonly gain: EditGain
  readonly file: { readonly weightBytes: Bytes }
}

const needs = { upgradable: 0, hosts: 1, 'out-of-reach': 2 } as const satisfies Record<UpgradeAnswer['state'], number>

interface WithNeed extends OnMachine {
  readonly state: UpgradeAnswer['state']
}

/** One upgrade away, then what hosts it as it is, then the rest. */
export const byNeed = (one: WithNeed, other: WithNeed): number =>
  needs[one.state] - needs[other.state] || byName(one, other)
