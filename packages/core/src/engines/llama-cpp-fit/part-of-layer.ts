import { bytes } from '../../units.ts'
import { addLayers, type Assignment, type BlockFraction, withShare } from './assignment.ts'
import type { FitBuffer } from './flags.ts'
import { type Filled, measured, type Search } from './search.ts'

/**
 * One more layer for a device, of which a part overflows to the next device, or from the last one to the host:
 * attention and up if that fits, then gate as well; attention alone if it does not.
 */
export function fitPartOfLayer(search: Search, from: Filled, device: number): Filled {
  const last = from.assignment.length - 1
  const source = from.assignment[from.denseStart]
  // The output layer of the last device is no layer to take.
  if (source === undefined || source.layers <= (device < last ? 0 : 1)) return from
  const attempt = (fraction: BlockFraction): Filled | undefined => tryFraction(search, from, { device, fraction })
  const up = attempt('attention-up')
  if (up === undefined) return attempt('attention') ?? from
  return attempt('attention-up-gate') ?? up
}

function tryFraction(
  search: Search,
  from: Filled,
  { device, fraction }: { readonly device: number; readonly fraction: BlockFraction },
): Filled | undefined {
  const last = from.assignment.length - 1
  const overflowTo: FitBuffer = device < last ? `CUDA${device + 1}` : 'CPU'
  const moved = movedLayer(from.assignment, from.denseStart, device)
  const denseStart = moved[from.denseStart]!.partialLayers === 0 ? from.denseStart + 1 : from.denseStart
  const candidate = measured(search, withShare(moved, device, { fraction, overflowTo }))
  const below = (index: number): boolean => candidate.used[index]! < search.targets[index]!
  const fits = below(device) && (device === last || below(device + 1))
  search.problem.note({
    code: 'tried-part-of-layer',
    device,
    fraction,
    overflowTo,
    used: bytes(candidate.used[device]!),
    target: bytes(search.targets[device]!),
    fits,
  })
  return fits ? { ...candidate, denseStart } : undefined
}

/** The first partial layer of `source` becomes one of `device`. */
function movedLayer(assignment: Assignment, source: number, device: number): Assignment {
  const taken = addLayers(assignment, source, { layers: -1, partialLayers: -1 })
  return addLayers(taken, device, { layers: 1, partialLayers: 1 })
}
