import { HOST, type RunLayout } from '../../memory/run-memory.ts'

/**
 * A layout over the GPUs that were chosen, said over all that were found. The engine's process sees the chosen ones only, and a
 * single one splits nothing.
 */
export function overAll(layout: RunLayout, chosen: readonly number[], found: number): RunLayout {
  const placeOf = (place: number): number => (place === HOST ? HOST : chosen[place]!)
  const { tensorSplit = [] } = layout
  const shares =
    tensorSplit.length > 0 ? Array.from({ length: found }, (_, at) => tensorSplit[chosen.indexOf(at)] ?? 0) : []
  return {
    splitMode: chosen.length > 1 ? layout.splitMode : 'none',
    deviceCount: found,
    layers: layout.layers.map(placeOf),
    overrides: layout.overrides.map((one) => ({ ...one, place: placeOf(one.place) })),
    tensorSplit: shares,
  }
}

/** Everything in host memory. */
export const hostLayout = (layerCount: number, found: number): RunLayout => ({
  splitMode: 'none',
  deviceCount: found,
  layers: Array.from({ length: layerCount }, () => HOST),
  overrides: [],
})
