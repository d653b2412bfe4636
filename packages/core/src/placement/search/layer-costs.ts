import { expertOverrides } from '../../memory/overrides.ts'
import { estimateStatic } from '../../memory/estimate.ts'
import type { RunSettings } from '../../memory/settings.ts'
import { HOST, type TensorOverride } from '../../memory/run-memory.ts'
import type { Model } from '../../model/model.ts'
import { layerCountOf } from '../layout.ts'

/** Weights and context that a device takes with each layer. */
export interface LayerCosts {
  readonly bytes: readonly number[]
  /** Bytes that every layer brings but a device holds once (rope factors). */
  readonly shared: number
}

/** Each layer alone on a device of its own: what it brings, whatever the architecture. Exact. */
function costs(model: Model, settings: RunSettings, overrides: readonly TensorOverride[]): LayerCosts {
  const layerCount = layerCountOf(model)
  const places = Array.from({ length: layerCount }, (_, layer) => layer)
  const of = (layers: readonly number[], deviceCount: number): readonly number[] =>
    estimateStatic({ model, settings, layout: { splitMode: 'layer', deviceCount, layers, overrides } }).devices.map(
      (device) => device.model + device.context,
    )
  const apart = of(places, layerCount)
  const together = of(
    places.map(() => 0),
    1,
  )[0]!
  const sum = apart.reduce((total, layer) => total + layer, 0)
  return { bytes: apart, shared: (sum - together) / Math.max(1, model.runBlockCount - 1) }
}

/** Costs with the experts of no block and of every block on the host: any number between is the one's head, the other's tail. */
export interface LayerCostTable {
  readonly whole: LayerCosts
  readonly withoutExperts: LayerCosts
}

export function layerCostTable(model: Model, settings: RunSettings): LayerCostTable {
  const whole = costs(model, settings, [])
  if (model.expertCount === 0) return { whole, withoutExperts: whole }
  return { whole, withoutExperts: costs(model, settings, expertOverrides(model.blockCount, HOST)) }
}

/** Running sums over the layers, the first 0: what layers `start` to `end` bring is a difference of two. */
export function runningCosts({ whole, withoutExperts }: LayerCostTable, expertsOnHost: number): Float64Array {
  const sums = new Float64Array(whole.bytes.length + 1)
  whole.bytes.forEach((bytes, layer) => {
    sums[layer + 1] = sums[layer]! + (layer < expertsOnHost ? withoutExperts.bytes[layer]! : bytes)
  })
  return sums
}
