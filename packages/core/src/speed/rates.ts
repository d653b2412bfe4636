import type { CataloguedDeviceFigure, Device, Machine } from '../machine/machine.ts'
import { efficiencyOf, type Span } from './efficiency.ts'

/** A figure that a place cannot pass, and whose word it is. */
export interface Peak {
  readonly perSecond: number
  readonly from: 'typed' | 'catalogue' | 'assumed'
}

/** How fast one place works: its peaks, and the span of each that is reached. */
export interface PlaceRates {
  readonly bandwidth: { readonly peak: Peak; readonly reached: Span }
  readonly compute: { readonly peak: Peak; readonly reached: Span }
  /** Operations a second in attention of more than one token, which has kernels of its own. */
  readonly attention: Span
  readonly launch: Span
  readonly measuredOn?: string
}

/** A middling card, where no catalogue names it: off by no more than the spread. */
const ASSUMED_DEVICE_BANDWIDTH = 400e9
/** Operations a byte of bandwidth: cards without matrix units and with plain fp32 have about so many. */
const ASSUMED_FLOPS_PER_BYTE = 30
const ASSUMED_SPREAD: Span = { low: 0.5, high: 2 }

/** Two channels of memory: DDR4-2400 to DDR5-6000. */
const ASSUMED_HOST_BANDWIDTH = 60e9
const HOST_SPREAD: Span = { low: 0.65, high: 1.6 }
/** A processor's catalogue figure holds when every channel is filled; half of them often are not. */
const CHANNELS_FILLED: Span = { low: 0.5, high: 1 }
const HOST_BANDWIDTH_REACHED: Span = { low: 0.5, high: 0.9 }
const ASSUMED_CORES = 8
/** Operations a second and core in multiplications by quantized weights, from AVX2 of 2018 to AVX-512 of 2023. */
const CORE_FLOPS: Span = { low: 25e9, high: 110e9 }
/** Of the rate of matrices. On a processor the kernels of attention are slow ones. */
const DEVICE_ATTENTION: Span = { low: 0.5, high: 1.3 }
const HOST_ATTENTION: Span = { low: 0.15, high: 0.8 }
/** All threads wait for each other after every operation. */
const HOST_LAUNCH: Span = { low: 2e-6, high: 12e-6 }

/** A rate between the ends of what is reached of it. */
export const scaled = (perSecond: number, ...spans: readonly Span[]): Span => ({
  low: spans.reduce((product, { low }) => product * low, perSecond),
  high: spans.reduce((product, { high }) => product * high, perSecond),
})
const SURE: Span = { low: 1, high: 1 }

export function deviceRates(device: Device): PlaceRates {
  const { bandwidth, compute, launch, measuredOn } = efficiencyOf(device)
  const memory = peakOf(device, 'memoryBandwidthBytesPerSecond') ?? {
    perSecond: ASSUMED_DEVICE_BANDWIDTH,
    from: 'assumed',
  }
  const known = peakOf(device, 'fp16FlopsPerSecond')
  const arithmetic: Peak = known ?? { perSecond: memory.perSecond * ASSUMED_FLOPS_PER_BYTE, from: 'assumed' }
  const computed = scaled(
    arithmetic.perSecond * fullRate(device),
    compute,
    memory.from === 'assumed' ? ASSUMED_SPREAD : SURE,
  )
  return {
    bandwidth: {
      peak: memory,
      reached: scaled(memory.perSecond, bandwidth, memory.from === 'assumed' ? ASSUMED_SPREAD : SURE),
    },
    compute: { peak: arithmetic, reached: computed },
    attention: scaled(1, computed, DEVICE_ATTENTION),
    launch,
    ...(measuredOn !== undefined && { measuredOn }),
  }
}

/**
 * GeForce cards accumulate fp16 products in fp32 at half the rate of the same chip's professional cards, and that is their
 * fp16 figure; llama.cpp multiplies quantized weights in int8, which is not halved.
 */
const fullRate = ({ name, fp16FlopsPerSecond }: Device): number =>
  fp16FlopsPerSecond !== undefined && /GeForce RTX/.test(name) ? 2 : 1

function peakOf(
  device: Device,
  figure: CataloguedDeviceFigure & ('memoryBandwidthBytesPerSecond' | 'fp16FlopsPerSecond'),
): Peak | undefined {
  const perSecond = device[figure]
  if (perSecond === undefined || perSecond <= 0) return undefined
  return { perSecond, from: device.fromCatalogue?.includes(figure) ? 'catalogue' : 'typed' }
}

/** The processor and its memory; a device that shares the memory tells its bandwidth. */
export function hostRates(machine: Machine): PlaceRates {
  const { hostMemoryBandwidthBytesPerSecond: typed, cpuCores, fromCatalogue } = machine
  const unified = machine.devices.find((device) => device.unified && device.memoryBandwidthBytesPerSecond !== undefined)
  const own: Peak | undefined = typed ? { perSecond: typed, from: fromCatalogue ? 'catalogue' : 'typed' } : undefined
  const peak = own ??
    (unified && peakOf(unified, 'memoryBandwidthBytesPerSecond')) ?? {
      perSecond: ASSUMED_HOST_BANDWIDTH,
      from: 'assumed',
    }
  const doubt = { typed: SURE, catalogue: CHANNELS_FILLED, assumed: HOST_SPREAD }[
    own || peak.from === 'assumed' ? peak.from : 'typed'
  ]
  const cores = cpuCores ?? ASSUMED_CORES
  return {
    bandwidth: { peak, reached: scaled(peak.perSecond, HOST_BANDWIDTH_REACHED, doubt) },
    compute: { peak: { perSecond: cores * CORE_FLOPS.high, from: 'assumed' }, reached: scaled(cores, CORE_FLOPS) },
    attention: scaled(cores, CORE_FLOPS, HOST_ATTENTION),
    launch: HOST_LAUNCH,
  }
}
