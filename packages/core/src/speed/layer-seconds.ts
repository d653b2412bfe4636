import { contextShape } from '../context/shape.ts'
import type { Device, Machine } from '../machine/machine.ts'
import { loadedModel } from '../memory/loaded-model.ts'
import { expertOverrides } from '../memory/overrides.ts'
import { HOST, type PlaceIndex, type RunLayout } from '../memory/run-memory.ts'
import type { RunSettings } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import { logitBytes } from './network-work.ts'
import { generationPass } from './pass.ts'
import { type End, hopSeconds, placeSeconds, placeTotal, ratesOf } from './pass-seconds.ts'
import { passWork } from './pass-work.ts'
import { type Hop, type PassWork, type PlaceWork, residualBytes } from './place-work.ts'
import { runWeights } from './placed-weights.ts'
import type { PlaceRates } from './rates.ts'

/** Seconds of one token, layer by layer: blocks first, the output layer last. */
export interface LayerSeconds {
  /** By device and layer, with the trips to host memory and back for what of the layer lies there. */
  readonly devices: readonly (readonly number[])[]
  /** By layer, where all of it lies on the host; beside `hostAlways`. */
  readonly host: readonly number[]
  /** By layer, what the host computes of it even where the layer lies on a device. */
  readonly hostBeside: readonly number[]
  /** What the host computes wherever the layers lie. */
  readonly hostAlways: number
}

export interface GenerationSeconds {
  readonly whole: LayerSeconds
  /** With the experts of every block on the host. */
  readonly withoutExperts: LayerSeconds
  /** The residual's way from one device to another. */
  readonly hop: (from: number, to: number) => number
  /** Its way from the host to each device. */
  readonly fromHost: readonly number[]
  /** The last layer that sends a residual on, and the last that is sent one: the output layer, unless the host has the head. */
  readonly lastSender: number
  readonly lastReceiver: number
}

export interface GenerationInput {
  readonly model: Model
  readonly machine: Machine
  readonly settings: RunSettings
  readonly flashAttention: boolean
  /** Those that layers may lie on. */
  readonly devices: readonly Device[]
}

/**
 * What `secondsPerToken` adds up, by layer: a contiguous placement takes the sum over its layers and the ways between
 * them. Exact, but for blocks that read another block's weights (`weightBlock`): those trips are left out, so that the
 * sum is a lower bound.
 */
export function generationSeconds(asked: GenerationInput): GenerationSeconds {
  const { devices, machine } = asked
  const model = loadedModel(asked.model, asked.settings)
  const input = { ...asked, model }
  const rates = ratesOf(devices, machine)
  const work = workApart(input, 0)
  const withoutExperts = model.expertCount === 0 ? work : workApart(input, model.blockCount)
  const residual = { bytes: residualBytes(model, { tokens: 1 }), count: 1 }
  const way = (hop: Pick<Hop, 'bytes' | 'count'>, from: PlaceIndex, to: PlaceIndex): number =>
    middle((end) => hopSeconds(hop, rates.link(from, to), end))
  const sent = work.hops.filter(({ from, to }) => from !== HOST && to !== HOST && from < to)
  const lastReceiver = Math.max(0, ...sent.map(({ to }) => to))
  const logits = { bytes: logitBytes(model, { outputs: 1 }), count: 1 }
  /** What `overNetwork` adds at the two ends; a head on the host is sent a residual like any block. */
  const networkEnds = (device: number, il: number): number => {
    if (devices[device]!.backend !== 'rpc') return 0
    if (il === 0) return way(residual, HOST, device)
    return il === model.blockCount && il === lastReceiver ? way(logits, device, HOST) : 0
  }
  const layerSeconds = (apart: PassWork): LayerSeconds => {
    const trips = tripsToHost(apart)
    return {
      devices: rates.devices.map((rate, device) =>
        apart.devices.map(
          (layer, il) => secondsAt(layer, rate) + way(trips[il]!, device, HOST) + networkEnds(device, il),
        ),
      ),
      host: work.devices.map((layer) => secondsAt(layer, rates.host)),
      hostBeside: apart.devices.map(
        (layer, il) => secondsAt(work.devices[il]!, rates.host) - secondsAt(layer, rates.host),
      ),
      hostAlways: secondsAt(work.host, rates.host),
    }
  }
  return {
    whole: layerSeconds(work),
    withoutExperts: layerSeconds(withoutExperts),
    hop: (from, to) => way(residual, from, to),
    fromHost: devices.map((_, to) => way(residual, HOST, to)),
    lastSender: Math.max(0, ...sent.map(({ from }) => from)),
    lastReceiver,
  }
}

/** A token of one slot with a full context, every layer on a place of its own. */
function workApart({ model, settings, flashAttention }: GenerationInput, expertsOnHost: number): PassWork {
  const layers = Array.from({ length: model.blockCount + 1 }, (_, layer) => layer)
  const overrides = expertOverrides(expertsOnHost, HOST)
  const layout: RunLayout = { splitMode: 'layer', deviceCount: layers.length, layers, overrides }
  const weights = runWeights(model, layout)
  const run = { model, settings, layout, resolvedFlashAttention: flashAttention, weights }
  return passWork(run, generationPass(1, contextShape(model, settings).contextPerSequence))
}

/** By layer, what goes to host memory and comes back. */
function tripsToHost({ devices, hops }: PassWork): readonly Pick<Hop, 'bytes' | 'count'>[] {
  const trips = devices.map(() => ({ bytes: 0, count: 0 }))
  for (const { from, to, bytes, count } of hops) {
    if (from !== HOST && to !== HOST) continue
    const trip = trips[from === HOST ? to : from]!
    trip.bytes += bytes
    trip.count += count
  }
  return trips
}

const secondsAt = (work: PlaceWork, rates: PlaceRates): number =>
  middle((end) => placeTotal(placeSeconds(work, rates, { tokens: 1, end })))

const middle = (at: (end: End) => number): number => (at('low') + at('high')) / 2
