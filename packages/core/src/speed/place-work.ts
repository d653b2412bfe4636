import { HOST, type PlaceIndex } from '../memory/run-memory.ts'
import type { Model } from '../model/model.ts'
import type { Pass } from './pass.ts'

/** What one pass asks of one place. Bytes are read from its memory, but for states, which are written as well. */
export interface PlaceWork {
  weightBytes: number
  /** Weights of experts that no single token uses but several may, were every choice equally likely. */
  chanceBytes: number
  /** Keys, values and states of the context. */
  cacheBytes: number
  /** Attention scores, where no flash attention keeps them out of memory. */
  scoreBytes: number
  /** Operations of multiplications by matrices that every token uses. */
  matrixFlops: number
  /** Of multiplications by experts, which get a part of the tokens each. */
  expertFlops: number
  attentionFlops: number
  /** Kernels started, or operations that all threads of the processor wait for. */
  launches: number
}

/** One way that activations take: how often in a pass, and how much in all. */
export interface Hop {
  readonly from: PlaceIndex
  readonly to: PlaceIndex
  bytes: number
  count: number
}

export interface PassWork {
  /** One entry a device, and the host's. */
  readonly devices: readonly PlaceWork[]
  readonly host: PlaceWork
  readonly hops: readonly Hop[]
  /** Weights in host memory that are copied to device 0 to be multiplied there. */
  uploadedBytes: number
  /** Devices work on every layer side by side (split mode tensor) instead of one after the other. */
  readonly sideBySide: boolean
}

const nothing = (): PlaceWork => ({
  weightBytes: 0,
  chanceBytes: 0,
  cacheBytes: 0,
  scoreBytes: 0,
  matrixFlops: 0,
  expertFlops: 0,
  attentionFlops: 0,
  launches: 0,
})

/** To be filled, block by block. */
export interface GrowingWork extends PassWork {
  readonly hops: Hop[]
}

export const emptyWork = (deviceCount: number): GrowingWork => ({
  devices: Array.from({ length: deviceCount }, nothing),
  host: nothing(),
  hops: [],
  uploadedBytes: 0,
  sideBySide: false,
})

/** A part of the work; what is launched, everyone launches. */
export const scaledWork = (work: PlaceWork, share: number): PlaceWork => ({
  weightBytes: work.weightBytes * share,
  chanceBytes: work.chanceBytes * share,
  cacheBytes: work.cacheBytes * share,
  scoreBytes: work.scoreBytes * share,
  matrixFlops: work.matrixFlops * share,
  expertFlops: work.expertFlops * share,
  attentionFlops: work.attentionFlops * share,
  launches: work.launches,
})

export const workAt = ({ devices, host }: PassWork, place: PlaceIndex): PlaceWork =>
  place === HOST ? host : devices[place]!

/** Nothing is sent from a place to itself. */
export function addHop(hops: Hop[], from: PlaceIndex, to: PlaceIndex, bytes: number): void {
  if (from === to) return
  const known = hops.find((hop) => hop.from === from && hop.to === to)
  if (known) {
    known.bytes += bytes
    known.count += 1
  } else hops.push({ from, to, bytes, count: 1 })
}

/** What goes from one block to the next, in F32. */
export const residualBytes = ({ embeddingLength }: Model, { tokens }: Pick<Pass, 'tokens'>): number =>
  embeddingLength * 4 * tokens

export const bytesOf = ({ weightBytes, chanceBytes, cacheBytes, scoreBytes }: PlaceWork): number =>
  weightBytes + chanceBytes + cacheBytes + scoreBytes

export const flopsOf = ({ matrixFlops, expertFlops, attentionFlops }: PlaceWork): number =>
  matrixFlops + expertFlops + attentionFlops
