import { lossOf } from '../../quantize/loss.ts'
import { firstFitting } from '../first-fitting.ts'
import { ranked } from '../ranked.ts'
import type { Unknown } from './unknown.ts'

/** The file that loses least by its quantization, of those that are offered. */
export const mix: Unknown = {
  solve: ({ trials, candidates }) => {
    const found = firstFitting({
      trials,
      values: candidates.toSorted((left, right) => lossOf(left.mix, left.model) - lossOf(right.mix, right.model)),
      change: (candidate) => ({ model: candidate.model() }),
    })
    return ranked({ trials, found, valueOf: ({ id }) => ({ unknown: 'mix', candidate: id }), requestOf: () => ({}) })
  },
}
