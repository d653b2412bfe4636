import type { GenerationSeconds, LayerSeconds } from '../../speed/layer-seconds.ts'
import type { Shape } from './bench.ts'
import type { Ticks } from './fastest.ts'

/** Far below what two placements may differ by, and few enough a token that sums stay whole numbers: 90 seconds. */
const TICKS_PER_SECOND = 1e14

const ticks = (seconds: number): number => Math.round(seconds * TICKS_PER_SECOND)

/** What a shape's layers take on each device. */
export function ticksOf(seconds: GenerationSeconds, { hostBlocks, expertsOnHost }: Shape): Ticks {
  const { whole, withoutExperts, hop, fromHost, lastSender, lastReceiver } = seconds
  const entersFromHost = hostBlocks > 0 && hostBlocks <= lastReceiver
  const hops = fromHost.map((_, from) => fromHost.map((_to, to) => ticks(hop(from, to))))
  return {
    layers: whole.devices.map((all, device) => {
      const part = withoutExperts.devices[device]!
      return runningSums(all.map((one, layer) => ticks(layer < expertsOnHost ? part[layer]! : one)))
    }),
    hop: (from, to) => hops[from]![to]!,
    enter: fromHost.map((one) => (entersFromHost ? ticks(one) : 0)),
    lastSender,
    lastReceiver,
  }
}

/** What the host adds to it: its own layers, and experts of others. */
export function hostTicks({ whole, withoutExperts }: GenerationSeconds, { hostBlocks, expertsOnHost }: Shape): number {
  const own = sum(whole.host, 0, hostBlocks)
  return ticks(whole.hostAlways + own + sum(withoutExperts.hostBeside, hostBlocks, expertsOnHost))
}

/** What a shape takes at least: every layer where it is fastest. */
export function leastTicks(seconds: GenerationSeconds, shape: Shape): number {
  const { layers, enter } = ticksOf(seconds, shape)
  let least = hostTicks(seconds, shape) + Math.min(...enter)
  const count = layers[0]!.length - 1
  for (let layer = shape.hostBlocks; layer < count; layer++) {
    least += Math.min(...layers.map((sums) => sums[layer + 1]! - sums[layer]!))
  }
  return least
}

const sum = (seconds: LayerSeconds['host'], start: number, end: number): number =>
  seconds.slice(start, Math.max(start, end)).reduce((total, one) => total + one, 0)

function runningSums(values: readonly number[]): Float64Array {
  const sums = new Float64Array(values.length + 1)
  values.forEach((value, at) => {
    sums[at + 1] = sums[at]! + value
  })
  return sums
}
