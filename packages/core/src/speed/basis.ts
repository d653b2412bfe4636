import type { Place } from '../placement/verdict.ts'
import type { Bytes } from '../units.ts'
import type { Span } from './efficiency.ts'
import type { Peak } from './rates.ts'

export type SpeedPhase = 'generation' | 'prompt'

export type Bound = 'memory-bandwidth' | 'compute' | 'launches'

/** estimated: every peak is known and devices of the kind were measured. assumed: something is a guess. */
export type SpeedCertainty = 'estimated' | 'assumed'

/** What stands behind an estimate of speed; explain.ts makes the sentences. */
export type SpeedBasis =
  /** One place's part of a pass: a token that one slot generates with a full context, or a middle ubatch of a prompt that fills it. */
  | {
      readonly kind: 'work'
      readonly phase: SpeedPhase
      readonly place: Place
      /** Tokens of the pass. */
      readonly tokens: number
      readonly weightBytes: Bytes
      readonly cacheBytes: Bytes
      readonly flops: number
      /** What most of its time goes to. */
      readonly bound: Bound
      /** Of the time of the pass, 0 to 1. */
      readonly share: number
    }
  | {
      readonly kind: 'transfer'
      readonly phase: SpeedPhase
      readonly from: Place
      readonly to: Place
      readonly carries: 'activations' | 'weights'
      readonly link: string
      /** Copied to host memory and from there on. */
      readonly throughHost?: true
      readonly peak: Peak
      readonly tokens: number
      readonly bytes: Bytes
      readonly trips: number
      readonly share: number
    }
  | {
      readonly kind: 'peak'
      readonly place: Place
      readonly figure: 'memory-bandwidth' | 'compute'
      readonly peak: Peak
      /** What of it is expected to be reached. */
      readonly reached: Span
      /** Devices of the kind whose published measurements say so. */
      readonly measuredOn?: string
    }
