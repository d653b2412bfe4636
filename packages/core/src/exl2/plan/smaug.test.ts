import { describe, expect, it } from 'vitest'
import { requestDefaults, type RunRequest } from '../../memory/settings.ts'
import { explainReason, explainRemedy } from '../../placement/explain.ts'
import { machineOf } from '../../placement/fixtures.ts'
import { planModel } from '../../placement/plan-model.ts'
import type { PlaceMemory, Verdict } from '../../placement/verdict.ts'
import { formatBytes, GIB, tokens } from '../../units.ts'
import { exl2Engines } from '../engines/index.ts'
import { modelOf } from '../fixtures.ts'
import { SMAUG_34B } from './fixtures.ts'

/**
 * turboderp-org/exllamav2 issue 383: 13.83 GB of safetensors at 3.0 bits on an RTX A6000 of 48 GB, and out of memory,
 * because without `-l` the cache is made for all of 200,000 tokens.
 */
const model = modelOf(SMAUG_34B)
const machine = machineOf([{ gib: 48 }], 128)
const engine = exl2Engines.exllamav2

const planned = (request: Partial<RunRequest> = {}): Verdict =>
  planModel({ model, machine, engine, request: { ...requestDefaults, ...request } })

const onGpu = (memory: readonly PlaceMemory[]): PlaceMemory => memory[0]!

describe('Smaug-34B at 3.0 bits on one GPU of 48 GB', () => {
  const verdict = planned()

  it('does not fit at its default context: its cache alone takes 45.8 GiB', () => {
    expect(model.tensorBytes / 1e9).toBeCloseTo(14.0, 1)
    if (verdict.fits) throw new Error('it does not fit')
    const gpu = onGpu(verdict.nearest!.memory)
    // 128 x 8 x 60 halves twice a token: 245,760 B.
    expect(gpu.context).toBe(245_760 * 200_000)
    expect(formatBytes(gpu.context)).toBe('45.78 GiB')
    expect(verdict.nearest!.settings.contextLength).toBe(200_000)
    expect(verdict.reasons.map((reason) => explainReason(reason, machine))).toEqual([
      'GPU 0 (card of 48 GiB) needs 60.07 GiB; 47.00 GiB are left of 48.00 GiB after a margin of 1.00 GiB; short by 13.07 GiB.',
    ])
  })

  it('does with less context or a smaller cache, each with what it leaves', () => {
    if (verdict.fits) throw new Error('it does not fit')
    const offered = verdict.remedies.map(({ remedy, cost, placement }) => {
      const { context, headroom } = onGpu(placement.memory)
      return [explainRemedy(remedy), cost, formatBytes(context), formatBytes(headroom)]
    })
    // Two sums of halves of one block to work on, 0.76 GiB, and per token and block 8 x (128 + 128 + 16), (128 + 64 + 16)
    // and (64 + 64 + 16) bytes.
    expect(offered).toEqual([
      ['Keep the cache in Q8.', 'quality', '25.08 GiB', '7.50 GiB'],
      ['Keep the cache in Q6.', 'quality', '19.36 GiB', '13.25 GiB'],
      ['Keep the cache in Q4.', 'quality', '13.64 GiB', '18.99 GiB'],
      ['Reduce the context to 143,360 tokens.', 'context', '32.81 GiB', '81.6 MiB'],
    ])
  })

  it('is started as the remedies say', () => {
    const line = (request: Partial<RunRequest>): readonly string[] => {
      const found = planned(request)
      if (!found.fits) throw new Error('it fits')
      const source = { kind: 'hub', repository: 'LoneStriker/Smaug-34B-v0.1-3.0bpw-h6-exl2' } as const
      return engine.launch({ placement: found.best, machine, source }).arguments
    }
    const script = ['examples/chat.py', '-m', 'models/Smaug-34B-v0.1-3.0bpw-h6-exl2', '-mode', 'raw']
    expect(line({ contextLength: tokens(100_000) })).toEqual([
      ...script,
      ...['-gs', '46.6', '-l', '100000', '-chunk', '2048'],
    ])
    expect(line({ exl2Cache: 'Q4' })).toEqual([...script, ...['-gs', '46.6', '-l', '200000', '-chunk', '2048', '-cq4']])
  })

  it('would hold no more than a page beyond the context that is offered', () => {
    const fits = (contextLength: number): boolean => planned({ contextLength: tokens(contextLength) }).fits
    expect([fits(143_360), fits(143_360 + 256)]).toEqual([true, false])
    expect(143_360 * 245_760).toBeLessThan(47 * GIB)
  })
})
