import { bytes, type Bytes, type Tokens } from '../units.ts'
import type { EngineAlone } from './engine-alone.ts'
import { movesTensors } from '../memory/overrides.ts'
import { fullestPlace, needsHost } from './rank.ts'
import type { Placement } from './verdict.ts'
import { layersOnDevices } from './layout.ts'

/** What a placement comes to, in the figures that one compares. */
export interface Holding {
  /** Blocks and the output layer that lie on devices, in whole or in part. */
  readonly layersOnDevices: number
  /** Of those, the ones with a part elsewhere: on the host, or on another device. */
  readonly layersInPart: number
  readonly needsHost: boolean
  /** All slots together. */
  readonly contextLength: Tokens
  /** Left on the fullest device that is used, its margin counted as free; negative by what is lacking. */
  readonly free: Bytes
  /** What was to stay free there. */
  readonly margin: Bytes
}

export interface AloneComparison {
  readonly layerCount: number
  readonly alone: Holding
  readonly plan: Holding
}

/** A plan beside what the engine would make of the same request. */
export const compareWithAlone = (plan: Placement, { placement: alone }: EngineAlone): AloneComparison => ({
  layerCount: layersOnDevices(plan.split) + plan.split.hostBlocks,
  alone: holdingOf(alone),
  plan: holdingOf(plan),
})

function holdingOf(placement: Placement): Holding {
  const { headroom, margin } = fullestPlace(placement)
  return {
    layersOnDevices: layersOnDevices(placement.split),
    layersInPart: placement.split.expertsOnHost + placement.split.overrides.filter(movesTensors).length,
    needsHost: needsHost(placement),
    contextLength: placement.settings.contextLength,
    free: bytes(headroom + margin),
    margin,
  }
}
