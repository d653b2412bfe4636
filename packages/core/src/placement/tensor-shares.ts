import type { Device } from '../machine/machine.ts'
import { type Judged, judgeSplit, type Workplace } from './judge.ts'
import { layerCountOf } from './layout.ts'
import { deviceRoom, freeOf } from './room.ts'
import type { LayerSplit } from './verdict.ts'

/** Shares moved from the tightest device to the widest before the search gives up. */
const MOST_MOVES = 64

/**
 * Split mode tensor over these devices: every layer is cut in proportions that leave each about the same. Proportions
 * are counts out of blocks + 1, moved one by one while the tightest device gains.
 */
export function widestShares(devices: readonly Device[], workplace: Workplace): Judged {
  const total = layerCountOf(workplace.model)
  let shares = proportional(
    devices.map((device) => Math.max(0, freeOf(deviceRoom(device, workplace.held, workplace.settings)))),
    total,
  )
  let best = judgeShares(devices, shares, workplace)
  for (let moves = 0; moves < MOST_MOVES; moves++) {
    const left = headrooms(best, devices)
    const [from, to] = [left.indexOf(Math.min(...left)), left.indexOf(Math.max(...left))]
    if (from === to || shares[from] === 1) return best
    const moved = shares.with(from, shares[from]! - 1).with(to, shares[to]! + 1)
    const tried = judgeShares(devices, moved, workplace)
    if (Math.min(...headrooms(tried, devices)) <= left[from]!) return best
    ;[shares, best] = [moved, tried]
  }
  return best
}

const headrooms = ({ placement }: Judged, devices: readonly Device[]): readonly number[] =>
  devices.map(
    ({ id }) => placement.memory.find(({ place }) => place.kind === 'device' && place.device === id)!.headroom,
  )

/** Whole numbers that sum up to `total`, at least one each, in the proportions of the weights. */
function proportional(weights: readonly number[], total: number): readonly number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const exact = weights.map((weight) => 1 + (total - weights.length) * (sum > 0 ? weight / sum : 1 / weights.length))
  const whole = exact.map(Math.floor)
  let rest = total - whole.reduce((all, share) => all + share, 0)
  const byRemainder = exact.map((share, at) => [share - whole[at]!, at] as const).toSorted(([a], [b]) => b - a)
  for (const [, at] of byRemainder) if (rest-- > 0) whole[at]!++
  return whole
}

function judgeShares(devices: readonly Device[], shares: readonly number[], workplace: Workplace): Judged {
  const split: LayerSplit = {
    devices: devices.map(({ id }, at) => ({ device: id, layers: shares[at]! })),
    tensor: true,
    hostBlocks: 0,
    expertsOnHost: 0,
    overrides: [],
  }
  return judgeSplit(split, workplace)
}
