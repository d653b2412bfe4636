/** Every contiguous split of a small model over a small machine: what a search is held to in tests. */
import type { DeviceId } from '../ids.ts'
import type { Machine } from '../machine/machine.ts'
import type { Model } from '../model/model.ts'
import { layerCountOf } from './layout.ts'
import type { LayerSplit } from './verdict.ts'

/** Every way to cut layers from `first` on over one device and more, in any order of them. */
function chains(ids: readonly DeviceId[], first: number, layerCount: number): readonly LayerSplit['devices'][] {
  if (first === layerCount) return [[]]
  return ids.flatMap((device) =>
    Array.from({ length: layerCount - first }, (_, at) => at + 1).flatMap((layers) =>
      chains(
        ids.filter((other) => other !== device),
        first + layers,
        layerCount,
      ).map((rest) => [{ device, layers }, ...rest]),
    ),
  )
}

/**
 * All on devices; the experts of the first blocks on the host; the first blocks; both. Once each, in every order of the
 * devices, with at least the output layer on one.
 */
export function allSplits(model: Model, machine: Machine): readonly LayerSplit[] {
  const { blockCount, expertCount } = model
  const counts = Array.from({ length: blockCount }, (_, at) => at + 1)
  const onHost = [
    { hostBlocks: 0, expertsOnHost: 0 },
    ...counts.map((hostBlocks) => ({ hostBlocks, expertsOnHost: 0 })),
    ...(expertCount > 0 ? counts.map((expertsOnHost) => ({ hostBlocks: 0, expertsOnHost })) : []),
    ...(expertCount > 0 ? counts.map((hostBlocks) => ({ hostBlocks, expertsOnHost: blockCount })) : []),
  ]
  const ids = machine.devices.map(({ id }) => id)
  return onHost.flatMap((host) =>
    chains(ids, host.hostBlocks, layerCountOf(model)).map((devices) => ({ devices, ...host, overrides: [] })),
  )
}
