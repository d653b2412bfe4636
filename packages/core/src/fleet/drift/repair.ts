import type { MachineId } from '../../ids.ts'
import { byVerdict } from '../../placement/rank.ts'
import { reliesOnUnknownHost } from '../../placement/rules/host-memory-known.ts'
import type { Placement, Remedy, RemedyCost, Verdict } from '../../placement/verdict.ts'

/** What brings a plan back whose machine has drifted: a placement that fits, and what has to be changed for it. */
export type Repair =
  /** The same request on the same machine, split anew. */
  | { readonly kind: 'new-split'; readonly placement: Placement }
  /** The same machine with one thing of the request changed. */
  | {
      readonly kind: 'change'
      readonly remedy: Remedy
      readonly cost: RemedyCost
      readonly placement: Placement
    }
  /** The same request on another machine. */
  | { readonly kind: 'other-machine'; readonly machine: MachineId; readonly placement: Placement }

/** What was planned for a repair: on its own machine, split anew; absent where that is gone. */
export interface Planned {
  readonly here: Verdict | undefined
  readonly elsewhere: readonly { readonly machine: MachineId; readonly verdict: Verdict }[]
}

/** Whether other machines need not be asked: nothing is nearer than the plan's own machine with the request as it is. */
export const isRepairedHere = (here: Verdict | undefined): boolean => here?.fits === true

/** The nearest first: as asked on its own machine; else the least change there, and as asked on the roomiest other one. */
export function nearestRepairs({ here, elsewhere }: Planned): readonly Repair[] {
  if (here?.fits) return [{ kind: 'new-split', placement: here.best }]
  const least = here?.remedies.find(({ placement }) => !reliesOnUnknownHost(placement))
  const roomiest = elsewhere.toSorted((left, right) => byVerdict(left.verdict, right.verdict))[0]
  return [
    ...(least ? [{ kind: 'change', ...least } as const] : []),
    ...(roomiest?.verdict.fits
      ? [{ kind: 'other-machine', machine: roomiest.machine, placement: roomiest.verdict.best } as const]
      : []),
  ]
}
