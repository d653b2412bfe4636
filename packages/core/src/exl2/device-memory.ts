import type { Certainty } from '../memory/run-memory.ts'
import { type Bytes, bytes, sumBytes } from '../units.ts'

/** A size with how sure it is and where it comes from. */
export interface Exl2Figure {
  readonly bytes: Bytes
  readonly certainty: Certainty
  readonly source: string
}

/** What one process of ExLlama takes on one device beside the driver's own context. */
export interface Exl2DeviceMemory {
  readonly weights: Exl2Figure
  /** Keys and values, with what a quantized cache keeps to work on. */
  readonly cache: Exl2Figure
  /** Buffers that are made once and used by every module in turn: scratch, and tables of rotation. */
  readonly scratch: Exl2Figure
  /** What a pass adds, at most. */
  readonly activations: Exl2Figure
  /** What PyTorch holds beyond what it was asked for. */
  readonly allocator: Exl2Figure
  /** Kept free while the model loads, and given back at the end. */
  readonly reserve: Exl2Figure
}

/** What must be free on the device for the model to run; the reserve is of use by then. */
export const exl2RunBytes = ({ reserve: _, ...used }: Exl2DeviceMemory): Bytes =>
  sumBytes(Object.values(used).map((figure: Exl2Figure) => figure.bytes))

export const figure = (byteCount: number, certainty: Certainty, source: string): Exl2Figure => ({
  bytes: bytes(byteCount),
  certainty,
  source,
})
