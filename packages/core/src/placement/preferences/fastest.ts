import type { Machine } from '../../machine/machine.ts'
import type { Model } from '../../model/model.ts'
import type { Placement, PlaceMemory } from '../verdict.ts'
import type { Preference } from './preference.ts'

/** Bytes a second where no catalogue names the device: a middling card, and two channels of DDR5. */
const ASSUMED_DEVICE_BANDWIDTH = 400e9
const ASSUMED_HOST_BANDWIDTH = 60e9
/** A token that takes this long scores one half. */
const HALF_SCORE_SECONDS = 0.05

/**
 * Generation reads every active weight and the cache once a token, device after device: bytes over bandwidth. It
 * orders placements of one model; it is no promise of a speed.
 */
export const fastest: Preference = {
  name: 'fastest generation',
  score: (placement, { input: { model, machine } }) => {
    const share = activeShare(model)
    const seconds = placement.memory.reduce(
      (sum, place) => sum + bytesRead(place, share) / bandwidth(place, machine),
      0,
    )
    return HALF_SCORE_SECONDS / (HALF_SCORE_SECONDS + seconds + crossings(placement))
  },
}

/** A hop to the next device costs a synchronisation, about 20 microseconds. */
const crossings = ({ split }: Placement): number => Math.max(0, split.devices.length - 1) * 20e-6

/** Of a mixture's weights only the experts in use are read; taken as one share for all its bytes. */
function activeShare({ expertCount, expertUsedCount, tensors, parameterCount }: Model): number {
  if (expertCount === 0 || parameterCount === 0) return 1
  let expertParameters = 0
  for (const { name, shape } of tensors.values()) {
    if (name.includes('exps')) expertParameters += shape.reduce((product, size) => product * size, 1)
  }
  return 1 - (expertParameters / parameterCount) * (1 - expertUsedCount / expertCount)
}

const bytesRead = ({ model, context }: PlaceMemory, share: number): number => model * share + context

function bandwidth({ place }: PlaceMemory, { devices }: Machine): number {
  if (place.kind === 'host') return ASSUMED_HOST_BANDWIDTH
  return devices.find(({ id }) => id === place.device)?.memoryBandwidthBytesPerSecond ?? ASSUMED_DEVICE_BANDWIDTH
}
