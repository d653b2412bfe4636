import type { OwnChoice } from '../engines/engine.ts'
import { refusalsOf } from './decide.ts'
import { deviceGroups } from './device-groups.ts'
import { judgeSplit } from './judge.ts'
import { ownChoice, splitOf } from './own-placements.ts'
import { NO_MARGIN } from './room.ts'
import { type PlanInput, workplaceOf } from './plan-input.ts'
import type { Placement, Reason } from './verdict.ts'

/** What the engine would load if the launch left the layers to it, and what Berth counts it to need. */
export interface EngineAlone {
  readonly outcome: OwnChoice['outcome']
  /** Its margins are those of the request, which it does not know. */
  readonly placement: Placement
  /** What makes it run out of memory; empty where it runs, with whatever it leaves free. */
  readonly reasons: readonly Reason[]
}

/**
 * What the engine does left alone, with the request's context, or with one of its own where that is 0. Undefined where it
 * decides nothing of itself for such a run, refuses it, or sees no device. Exact as its own fit is; that counts neither what the
 * driver adds with the first prompt nor where norms are pinned, so its choice may lack what it promises.
 */
export function engineAlone(input: PlanInput): EngineAlone | undefined {
  const { engine, request } = input
  const [devices] = deviceGroups(input.machine, engine)
  if (!devices || refusalsOf(input).length > 0) return undefined
  const workplace = workplaceOf(input)
  const left = request.contextLength === 0 ? { contextLength: request.contextLength } : {}
  const choice = ownChoice(devices, workplace, { ...workplace.settings, ...left })
  if (!choice) return undefined
  const { outcome, settings, layout } = choice
  const split = splitOf(layout, devices)
  const { placement } = judgeSplit(split, { ...workplace, settings }, layout)
  const { reasons } = judgeSplit(split, { ...workplace, settings: { ...settings, ...NO_MARGIN } }, layout)
  return { outcome, placement, reasons }
}
