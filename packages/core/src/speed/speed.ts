import type { SpeedBasis, SpeedCertainty } from './basis.ts'
import { describeBasis } from './describe-basis.ts'
import type { Span } from './efficiency.ts'
import { generationPass, type Pass, promptPass } from './pass.ts'
import { type End, passSeconds, placeTotal, totalSeconds } from './pass-seconds.ts'
import type { SpeedInput } from './run.ts'
import { type SpeedWorkplace, workplaceOf } from './workplace.ts'

/** Tokens a second, from the slow end to the fast one; never one figure. */
export interface SpeedEstimate {
  /** One slot's prompt, from a single ubatch to one that fills the slot. */
  readonly prompt: Span
  /** From a full context to an empty one. */
  readonly generation: {
    readonly oneSlot: Span
    /** All slots generating at once, their tokens together, each with its share of the context. */
    readonly allSlots: Span
  }
  readonly basis: readonly SpeedBasis[]
  readonly certainty: SpeedCertainty
}

/** How much of the time of its stages pipeline parallelism hides behind the slowest: what was seen on 2 to 8 GPUs. */
const OVERLAP: Span = { low: 0.2, high: 0.9 }

/**
 * A roofline, layer by layer: bytes over the bandwidth and operations over the arithmetic that llama.cpp was seen to
 * reach, launches, and what is sent between places (`ggml_backend_sched_compute_splits`). An estimate, whose ends are
 * the ends of what was measured on the same kind of device.
 */
export function estimateSpeed(input: SpeedInput): SpeedEstimate {
  const workplace = workplaceOf(input)
  const { slots, slotCapacity, slotShare, ubatch } = workplace
  return {
    prompt: {
      low: Math.min(...[ubatch, slotCapacity].map((tokens) => tokens / promptSeconds(workplace, tokens, 'low'))),
      high: Math.max(...[ubatch, slotCapacity].map((tokens) => tokens / promptSeconds(workplace, tokens, 'high'))),
    },
    generation: {
      oneSlot: generationOf(workplace, 1, slotCapacity),
      allSlots: generationOf(workplace, slots, slotShare),
    },
    ...describeBasis(workplace),
  }
}

/** Seconds that one slot takes for a token with a full context: the middle of the two ends. */
export function secondsPerToken(input: SpeedInput): number {
  const workplace = workplaceOf(input)
  const pass = generationPass(1, workplace.slotCapacity)
  return (secondsOf(workplace, pass, 'low') + secondsOf(workplace, pass, 'high')) / 2
}

function secondsOf({ work, rates }: SpeedWorkplace, pass: Pass, end: End): number {
  const asked = work(pass)
  return totalSeconds(passSeconds(asked, rates, { tokens: pass.tokens, end }), asked)
}

/** A batch is no slower than its tokens one after the other. */
function generationOf(workplace: SpeedWorkplace, slots: number, depth: number): Span {
  const at = (cells: number, end: End): number => {
    const alone = 1 / secondsOf(workplace, generationPass(1, cells), end)
    return Math.max(alone, slots / secondsOf(workplace, generationPass(slots, cells), end))
  }
  return { low: at(depth, 'low'), high: at(1, 'high') }
}

/** Ubatches follow each other; with pipeline parallelism the next starts while others are still on later devices. */
function promptSeconds({ input, work: workOf, rates, ubatch }: SpeedWorkplace, tokens: number, end: End): number {
  const pass = promptPass(tokens, ubatch)
  const work = workOf(pass)
  const seconds = passSeconds(work, rates, { tokens: pass.tokens, end })
  const through = totalSeconds(seconds, work)
  const more = tokens / pass.tokens - 1
  if (!input.placement.pipelineParallel) return through * (1 + more)
  const slowest = Math.max(...seconds.devices.map(placeTotal))
  return through + more * (slowest * OVERLAP[end] + through * (1 - OVERLAP[end]))
}
