import { type Bytes, bytes, GIB } from '../../units.ts'
import { MINIMUM_RESERVE } from '../auto-split.ts'
import type { Exl2Loaded } from './judge.ts'
import { availableOn, type Exl2PlanInput } from './workplace.ts'

/**
 * The most a loader takes on each device, where it goes on to the next one by running out: it may load a module more than
 * was foreseen there, and never over what it keeps free or was told to use. Undefined where what lies there is certain,
 * and on the last device that is used, which then gets less than was foreseen.
 */
export function upperLimits(loaded: Exl2Loaded, input: Exl2PlanInput): readonly (Bytes | undefined)[] {
  const last = Math.max(...loaded.placed.places)
  return loaded.devices.map((device, position) =>
    position < last ? limitOn(position, availableOn(device, input), loaded) : undefined,
  )
}

function limitOn(position: number, available: Bytes, { run, split }: Exl2Loaded): Bytes | undefined {
  if (split.kind === 'auto') {
    const kept = split.reserve[position]! + (run.format === 'exl2' ? MINIMUM_RESERVE : 0)
    return bytes(Math.max(0, available - kept))
  }
  if (run.format === 'exl2') return undefined
  return bytes(Math.min(available, Math.floor(split.gigabytes[position]! * GIB)))
}
