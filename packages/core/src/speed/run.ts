import { loadedModel } from '../memory/loaded-model.ts'
import type { Run } from '../memory/run.ts'
import type { Device, Machine } from '../machine/machine.ts'
import type { Model } from '../model/model.ts'
import { layoutOf } from '../placement/layout.ts'
import type { Placement } from '../placement/verdict.ts'
import { runWeights, type RunWeights } from './placed-weights.ts'

export interface SpeedInput {
  readonly placement: Placement
  readonly model: Model
  readonly machine: Machine
}

/** A run with `auto` resolved and its weights where they lie. */
export interface SpeedRun extends Run {
  readonly resolvedFlashAttention: boolean
  readonly weights: RunWeights
}

/** What the placement makes the engine do, as the estimate of memory sees it too. */
export function runOf(input: SpeedInput): SpeedRun {
  const { settings: planned, split, flashAttention } = input.placement
  const model = loadedModel(input.model, planned)
  // An RPC server is sent no weights to multiply by once (`offload_op` is not implemented there).
  const opOffload = planned.opOffload && devicesOf(input)[0]?.backend !== 'rpc'
  const settings = { ...planned, opOffload }
  const layout = layoutOf(split)
  const weights = runWeights(model, layout)
  return { model, settings, layout, resolvedFlashAttention: flashAttention, weights }
}

/** The devices of the run, in its order. */
export const devicesOf = ({ placement, machine }: SpeedInput): readonly Device[] =>
  placement.split.devices.map(({ device }) => {
    const found = machine.devices.find(({ id }) => id === device)
    if (!found) throw new Error(`the placement names device ${device}, which machine ${machine.id} does not have`)
    return found
  })
