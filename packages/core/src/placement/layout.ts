import { expertOverrides } from '../memory/overrides.ts'
import { HOST, type RunLayout } from '../memory/run-memory.ts'
import type { RunSettings, SplitMode } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import type { LayerSplit } from './verdict.ts'

/** `-ngl` counts the blocks and the output layer. */
export const layerCountOf = (model: Model): number => model.blockCount + 1

/** Layers on each device of a split, in the order that the engine is given them: `-ts`. */
export const layerCounts = ({ devices }: Pick<LayerSplit, 'devices'>): readonly number[] =>
  devices.map(({ layers }) => layers)

/** On all of them together: `-ngl`. */
export const layersOnDevices = (split: Pick<LayerSplit, 'devices'>): number =>
  layerCounts(split).reduce((sum, count) => sum + count, 0)

/** Layers a split places; all of them when it is complete. Without a device the output layer stays on the host too. */
export const layersPlaced = ({ devices, hostBlocks }: LayerSplit): number =>
  hostBlocks + (devices.length === 0 ? 1 : layersOnDevices({ devices }))

/** The layout that a split asks the engine for: its devices are the only ones that the process sees. */
export function layoutOf(split: LayerSplit): RunLayout {
  const offloaded = split.devices.flatMap(({ layers }, device) => Array.from({ length: layers }, () => device))
  const host = Array.from({ length: split.hostBlocks + (split.devices.length === 0 ? 1 : 0) }, () => HOST)
  return {
    splitMode: splitModeOf(split),
    deviceCount: split.devices.length,
    layers: [...host, ...offloaded],
    overrides: [...expertOverrides(split.expertsOnHost, HOST), ...split.overrides],
    ...(split.tensor && { tensorSplit: layerCounts(split) }),
  }
}

/** Which device of a split multiplies by the output matrix: its layer's, or the first, to which one in host memory is uploaded. */
export const outputDevice = ({ devices }: LayerSplit, model: Model, { tiedOutputOnHost }: RunSettings): number =>
  tiedOutputOnHost && model.tiedOutput ? 0 : devices.findLastIndex(({ layers }) => layers > 0)

/** A single device has nothing to split. */
export function splitModeOf({ devices, tensor }: LayerSplit): SplitMode {
  if (devices.length <= 1) return 'none'
  return tensor ? 'tensor' : 'layer'
}

/** Equal for splits that place the same, to find what was judged before. */
export const splitKey = ({ devices, tensor, hostBlocks, expertsOnHost, overrides }: LayerSplit): string =>
  JSON.stringify([devices.map(({ device, layers }) => [device, layers]), tensor, hostBlocks, expertsOnHost, overrides])
