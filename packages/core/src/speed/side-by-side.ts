import { HOST } from '../memory/run-memory.ts'
import type { Pass } from './pass.ts'
import { passWork } from './pass-work.ts'
import { type PassWork, type PlaceWork, residualBytes, scaledWork } from './place-work.ts'
import { runWeights } from './placed-weights.ts'
import type { SpeedRun } from './run.ts'

/** Attention's output and the feed-forward's: each device holds a part of the sum. */
const REDUCTIONS_PER_BLOCK = 2

/**
 * A pass in split mode tensor: every device reads its share of each matrix and of the cache while the others read theirs,
 * and after each half of a block all add up what they have, in `ceil(log2 n)` exchanges of the whole residual (the Meta
 * backend's butterfly). It takes nothing over from the host. Norms and small vectors are mirrored, and their launches are everyone's.
 */
export function sideBySideWork(run: SpeedRun, pass: Pass): PassWork {
  const { deviceCount, layers, tensorSplit } = run.layout
  const alone = {
    ...run.layout,
    splitMode: 'none',
    deviceCount: 1,
    layers: layers.map((place) => (place === HOST ? HOST : 0)),
  } as const
  const weights = runWeights(run.model, alone)
  const whole = passWork({ ...run, layout: alone, weights, settings: { ...run.settings, opOffload: false } }, pass)
  if (run.model.tensorSplit === 'mirrored') return mirrored(whole, deviceCount)
  const shares = tensorSplit ?? Array.from({ length: deviceCount }, () => 1)
  const sum = shares.reduce((total, share) => total + share, 0)
  const exchanges = REDUCTIONS_PER_BLOCK * run.model.runBlockCount * Math.ceil(Math.log2(deviceCount))
  const residual = residualBytes(run.model, pass)
  return {
    ...whole,
    devices: shares.map((share): PlaceWork => scaledWork(whole.devices[0]!, share / sum)),
    hops: [...whole.hops, { from: 0, to: 1, bytes: exchanges * residual, count: exchanges }],
    sideBySide: true,
  }
}

/** An architecture that the Meta backend does not cut: all devices do all of the work. */
const mirrored = (whole: PassWork, deviceCount: number): PassWork => ({
  ...whole,
  devices: Array.from({ length: deviceCount }, () => whole.devices[0]!),
  sideBySide: true,
})
