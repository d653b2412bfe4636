import { estimateStatic } from '../../memory/estimate.ts'
import { overhead, PROCESS_MEMORY } from '../../memory/overhead.ts'
import type { DriverDevice } from '../../memory/driver-context.ts'
import type { RunSettings } from '../../memory/settings.ts'
import type { Model } from '../../model/model.ts'
import { layerCountOf } from '../../placement/layout.ts'
import { layerCostTable, runningCosts } from '../../placement/search/layer-costs.ts'
import { type RoleBuffers, roleBuffers, type RoleMemo, type Standing } from './role-buffers.ts'

/** What one file needs of devices, whichever they are: worked out once for all machines. */
export interface FileNeeds {
  readonly layers: number
  /** Weights and context of the layers before each, the first 0. Exact. */
  readonly sums: Float64Array
  /** Bytes that every block after a device's first brings in `sums` but the device holds once. */
  readonly shared: number
  readonly blocks: number
  /** Weights and context together, wherever they lie but for what always lies on the host. Exact. */
  readonly total: number
  /** Buffers are replayed when they are first asked for: what is hopeless everywhere needs none. */
  readonly buffers: (standing: Standing) => RoleBuffers
  /** What the driver takes on a device like this, with the output layer on it or without. An upper bound. */
  readonly overheadOn: (device: DriverDevice) => DriverShare
  /** Weights and context that lie on the host wherever the layers do, and the process. Exact. */
  readonly host: number
}

export interface DriverShare {
  readonly withOutput: number
  readonly withoutOutput: number
}

export function fileNeeds(model: Model, settings: RunSettings, roles: RoleMemo): FileNeeds {
  const table = layerCostTable(model, settings)
  const sums = runningCosts(table, 0)
  const { shared } = table.whole
  const layers = layerCountOf(model)
  const blocks = model.runBlockCount
  const stood = new Map<Standing, RoleBuffers>()
  const shares = new Map<string, DriverShare>()
  const buffers = (standing: Standing): RoleBuffers =>
    found(stood, standing, () => roleBuffers(model, settings, { ...roles, standing }))
  return {
    ...{ layers, sums, shared, blocks, buffers },
    total: sums[layers]! - Math.max(0, Math.min(layers, blocks) - 1) * shared,
    overheadOn: ({ backend, architecture }) =>
      found(shares, `${backend} ${architecture}`, () => {
        const device = { backend, ...(architecture !== undefined && { architecture }) }
        const { flashAttention } = buffers('alone')
        const taken = (holdsOutput: boolean): number => {
          const { atLoad, atFirstPrompt } = overhead({ device, model, settings, flashAttention, holdsOutput })
          return atLoad + atFirstPrompt
        }
        return { withOutput: taken(true), withoutOutput: taken(false) }
      }),
    host: hostAlways(model, settings),
  }
}

function hostAlways(model: Model, settings: RunSettings): number {
  const layers = Array.from({ length: layerCountOf(model) }, () => 0)
  const layout = { splitMode: 'none', deviceCount: 1, layers, overrides: [] } as const
  const { host } = estimateStatic({ model, settings, layout })
  return host.model + host.context + PROCESS_MEMORY
}

function found<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}
