import { type ComputeMemory, estimatePromptCompute } from '../../memory/estimate.ts'
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

/** One replay each for all files of a model: what differs between them are the bytes of their weights. */
export interface RoleMemo {
  readonly known: Map<string, RoleBuffers>
}

/** One device that has the whole model, or several in a chain, with pipeline parallelism where the settings allow it. */
export type Standing = 'alone' | 'chained'

export function roleBuffers(
  model: Model,
  settings: RunSettings,
  about: RoleMemo & { readonly standing: Standing },
): RoleBuffers {
  const { known, standing } = about
  // What must stay free changes nothing of what is computed: a slider over it replays nothing.
  const { margin: _margin, deviceMargins: _margins, toldMargins: _told, ...computed } = settings
  const key = JSON.stringify([model.graphKey, model.tiedOutput, model.hostTensors.size, computed, standing])
  const flashAttention = () => roleBuffers(model, settings, { known, standing: 'alone' }).flashAttention
  const buffers =
    known.get(key) ??
    replayed(model, settings, standing === 'alone' ? { standing } : { standing, flashAttention: flashAttention() })
  known.set(key, buffers)
  return buffers
}

interface Replaying {
  readonly standing: Standing
  /** Where it is known. */
  readonly flashAttention?: boolean
}

function replayed(model: Model, settings: RunSettings, { standing, flashAttention }: Replaying): RoleBuffers {
  const count = layerCountOf(model)
  const devices = standing === 'alone' ? 1 : Math.min(CHAIN, count)
  const splitMode = devices > 1 ? 'layer' : 'none'
  const { devices: buffers, ...memory } = estimatePromptCompute({
    model,
    settings: { ...settings, splitMode },
    layout: {
      splitMode,
      deviceCount: devices,
      layers: Array.from({ length: count }, (_, layer) => Math.floor((layer * devices) / count)),
      overrides: [],
    },
    ...(flashAttention !== undefined && { resolvedFlashAttention: flashAttention }),
  })
  const [first, last] = [buffers[0]!, buffers.at(-1)!]
  return { ...hostOf(memory), only: last, first, middle: devices === CHAIN ? buffers[1]! : first, last }
}

const hostOf = ({
  host,
  flashAttention,
}: Pick<ComputeMemory, 'host' | 'flashAttention'>): Pick<RoleBuffers, 'host' | 'flashAttention'> => ({
  host: host.compute + host.output,
  flashAttention,
})

/** A role whose buffer is so much larger than another's computes what the others do not. */
const OF_ITS_OWN = 1.3
/** What buffers of a chain without pipeline parallelism were seen to exceed those of the whole model on one device by. */
const BEYOND_ALONE = 1.08

/**
 * The same chain without pipeline parallelism, guessed from both: nothing is copied in it, so that a device computes in
 * what one device with the whole model does; and never in more than with the copies.
 */
export function withoutPipeline(alone: RoleBuffers, chained: RoleBuffers): RoleBuffers {
  const of = (role: Role): number =>
    chained[role] > OF_ITS_OWN * chained.middle ? chained[role] : Math.min(chained[role], BEYOND_ALONE * alone.only)
  return { ...chained, only: of('only'), first: of('first'), middle: of('middle'), last: of('last') }
}
