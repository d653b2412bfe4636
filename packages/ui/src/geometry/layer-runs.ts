/** Which holder each layer has: a device by its position in the run, or the host. */
export type LayerHolder = number | 'host'

/** Consecutive layers on one holder. `start` and `width` are fractions of the strip. */
export interface LayerRun {
  readonly holder: LayerHolder
  readonly firstLayer: number
  readonly lastLayer: number
  readonly start: number
  readonly width: number
}

/** Groups consecutive layers of one holder; an empty strip has no runs. */
export function layerRuns(layers: readonly LayerHolder[]): readonly LayerRun[] {
  const runs: LayerRun[] = []
  for (const [index, holder] of layers.entries()) {
    const last = runs.at(-1)
    if (last?.holder === holder) {
      runs[runs.length - 1] = { ...last, lastLayer: index, width: (index + 1 - last.firstLayer) / layers.length }
    } else {
      runs.push({ holder, firstLayer: index, lastLayer: index, start: index / layers.length, width: 1 / layers.length })
    }
  }
  return runs
}

/**
 * The words under a run. The last layer is the output layer, all others are blocks:
 * of 81 layers, 0 to 39 are "blocks 0–39" and 40 to 80 are "blocks 40–79 + output".
 */
export function describeRun({ firstLayer, lastLayer }: LayerRun, layerCount: number): string {
  const output = layerCount - 1
  if (firstLayer === output) return 'output'
  const lastBlock = Math.min(lastLayer, output - 1)
  const blocks = firstLayer === lastBlock ? `block ${firstLayer}` : `blocks ${firstLayer}–${lastBlock}`
  return lastLayer === output ? `${blocks} + output` : blocks
}
