import { type ComputeMemory, estimateCompute } from '../../memory/estimate.ts'
import { PIPELINE_OFF } from '../../memory/overrides.ts'
import type { ReplayMemo } from '../../memory/replay-memo.ts'
import type { RunSettings } from '../../memory/settings.ts'
import type { Model } from '../../model/model.ts'
import { layerCountOf } from '../../placement/layout.ts'
import type { Role } from '../../placement/search/segments.ts'

/** Compute buffers by what a device's place in the chain is, as one replay over even shares shows them. */
export interface RoleBuffers extends Readonly<Record<Role, number>> {
  /** What the host keeps beside weights, context and the process: logits, its own compute buffer. */
  readonly host: number
  readonly flashAttention: boolean
}

/** Devices of the replay that shows the roles: one begins, one ends, one stands between. */
const CHAIN = 3

/** The whole model on a single device. */
export function buffersAlone(model: Model, settings: RunSettings, replays: ReplayMemo): RoleBuffers {
  const memory = onEvenShares({ model, settings, replays, devices: 1, pipeline: true })
  const only = memory.devices[0]!
  return { ...hostOf(memory), only, first: only, middle: only, last: only }
}

/** In a chain of devices, with pipeline parallelism or without; a model too short for one has no such buffers. */
export function buffersInChain(
  model: Model,
  settings: RunSettings,
  { replays, pipeline }: { readonly replays: ReplayMemo; readonly pipeline: boolean },
): RoleBuffers {
  const devices = Math.min(CHAIN, layerCountOf(model))
  const memory = onEvenShares({ model, settings, replays, devices, pipeline })
  const of = (position: number): number => memory.devices.at(position)!
  return { ...hostOf(memory), only: of(-1), first: of(0), middle: of(devices === CHAIN ? 1 : 0), last: of(-1) }
}

interface EvenShares {
  readonly model: Model
  readonly settings: RunSettings
  readonly replays: ReplayMemo
  readonly devices: number
  readonly pipeline: boolean
}

function onEvenShares({ model, settings, replays, devices, pipeline }: EvenShares): ComputeMemory {
  const count = layerCountOf(model)
  const splitMode = devices > 1 ? 'layer' : 'none'
  return estimateCompute({
    model,
    settings: { ...settings, splitMode },
    layout: {
      splitMode,
      deviceCount: devices,
      layers: Array.from({ length: count }, (_, layer) => Math.floor((layer * devices) / count)),
      overrides: pipeline || devices === 1 ? [] : [PIPELINE_OFF],
    },
    replays,
  })
}

const hostOf = ({ host, flashAttention }: ComputeMemory): Pick<RoleBuffers, 'host' | 'flashAttention'> => ({
  host: host.compute + host.output,
  flashAttention,
})
