import type { Model } from '../model/model.ts'
import type { Mix } from './mix.ts'

/** Bits a weight of the whole file, and mean Kullback-Leibler divergence from F16 over Wikitext-2. */
type Measured = readonly [bitsPerWeight: number, divergence: number]

/**
 * LLaMA 3 8B (8.03e9 weights) as llama.cpp's tools/perplexity/README.md measured it at revision f364eb6f; with the largest
 * importance matrix where one was used. Another model loses more or less, but by and large in this order.
 */
const measured: Partial<Readonly<Record<Mix, Measured>>> = {
  F32: [32, 0],
  BF16: [16, 0],
  F16: [16, 0],
  Q8_0: [8.52, 0.001355],
  Q6_K: [6.57, 0.005452],
  Q5_K_M: [5.7, 0.010762],
  Q5_K_S: [5.57, 0.016595],
  Q5_1: [6.04, 0.018045],
  Q5_0: [5.57, 0.022239],
  Q4_K_M: [4.9, 0.028152],
  Q4_K_S: [4.67, 0.031951],
  IQ4_NL: [4.65, 0.035742],
  IQ4_XS: [4.43, 0.036334],
  Q4_1: [5.11, 0.071683],
  Q4_0: [4.64, 0.07194],
  Q3_K_L: [4.31, 0.073077],
  Q3_K_M: [4, 0.084358],
  IQ3_M: [3.78, 0.102534],
  IQ3_S: [3.66, 0.111278],
  IQ3_XS: [3.51, 0.138693],
  IQ3_XXS: [3.26, 0.183625],
  Q3_K_S: [3.65, 0.199821],
  IQ2_M: [2.93, 0.325989],
  Q2_K: [3.17, 0.332223],
  Q2_K_S: [3.17, 0.40336],
  IQ2_S: [2.74, 0.439197],
  IQ2_XS: [2.6, 0.54629],
  IQ2_XXS: [2.4, 0.812022],
  IQ1_M: [2.15, 1.393084],
  IQ1_S: [2.01, 2.254554],
}

/**
 * How much a file of this mix loses against F16, to order files of one model by. A mix that nobody measured, or a file
 * that does not say its mix, is taken for the measured one of most nearly its size.
 */
export function quantizationLoss(mix: Mix | undefined, bitsPerWeight: () => number): number {
  const known = mix && measured[mix]
  if (known) return known[1]
  const bits = bitsPerWeight()
  const distance = ([size]: Measured): number => Math.abs(size - bits)
  return Object.values(measured).reduce((nearest, one) => (distance(one) < distance(nearest) ? one : nearest))[1]
}

/** The same of a file, which is looked at only where its mix says too little. */
export const lossOf = (mix: Mix | undefined, file: () => Pick<Model, 'weightBytes' | 'parameterCount'>): number =>
  quantizationLoss(mix, () => {
    const { weightBytes, parameterCount } = file()
    return (weightBytes * 8) / Math.max(1, parameterCount)
  })
