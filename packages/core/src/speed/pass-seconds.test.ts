import { describe, expect, it } from 'vitest'
import { HOST } from '../memory/run-memory.ts'
import { passSeconds, type Rates, totalSeconds } from './pass-seconds.ts'
import { emptyWork, type PassWork, type PlaceWork } from './place-work.ts'
import type { PlaceRates } from './rates.ts'

const peak = { perSecond: 1, from: 'typed' } as const
const place = (scale: number): PlaceRates => ({
  bandwidth: { peak, reached: { low: 100 * scale, high: 200 * scale } },
  compute: { peak, reached: { low: 1000 * scale, high: 2000 * scale } },
  attention: { low: 500 * scale, high: 1000 * scale },
  launch: { low: 0.01, high: 0.02 },
})
const link = { peak, kind: 'PCIe', reached: { low: 10, high: 20 }, trip: { low: 0.1, high: 0.3 } }
const rates: Rates = { devices: [place(1), place(2)], host: place(0.1), link: () => link }

const idle = emptyWork(0).host
const workOf = (devices: readonly Partial<PlaceWork>[], rest: Partial<PassWork> = {}): PassWork => ({
  ...emptyWork(0),
  devices: devices.map((one) => ({ ...idle, ...one })),
  ...rest,
})

const secondsOf = (work: PassWork, tokens: number): readonly number[] =>
  (['low', 'high'] as const).map((end) => totalSeconds(passSeconds(work, rates, { tokens, end }), work))

describe('passSeconds', () => {
  it.each<readonly [string, number, Partial<PlaceWork>, number, number]>([
    ['weights over the bandwidth', 1, { weightBytes: 400 }, 4, 2],
    ['scores as well', 1, { scoreBytes: 400 }, 4, 2],
    // 50 % of 100 a second, and 120 % of 200.
    ['the cache, of which part stays near', 1, { cacheBytes: 2400 }, 48, 10],
    ['experts that chance adds: all of them, or 70 %', 8, { chanceBytes: 1000 }, 10, 3.5],
    ['operations over the arithmetic', 1, { matrixFlops: 4000 }, 4, 2],
    // Below 129 tokens tiles are not full: 35 %.
    ['a small batch below its rate, or at it', 128, { matrixFlops: 7000 }, 20, 3.5],
    ['a larger one at it', 129, { matrixFlops: 7000 }, 7, 3.5],
    // 38 % and 80 %.
    ['experts at a part of the rate', 512, { expertFlops: 7600 }, 20, 4.75],
    ['attention of a prompt in its own kernels', 512, { attentionFlops: 1000 }, 2, 1],
    ['attention of one token as any product', 1, { attentionFlops: 1000 }, 1, 0.5],
    ['launches', 1, { launches: 100 }, 2, 1],
  ])('counts %s, %d tokens', (_, tokens, work, slow, fast) => {
    const [low, high] = secondsOf(workOf([work]), tokens)
    expect(low).toBeCloseTo(slow, 9)
    expect(high).toBeCloseTo(fast, 9)
  })

  it.each<readonly [string, Partial<PassWork>, number, number]>([
    ['every trip over a link, and its bytes', { hops: [{ from: 0, to: 1, bytes: 40, count: 5 }] }, 4 + 1.5, 2 + 0.5],
    ['a trip to the host as well', { hops: [{ from: 0, to: HOST, bytes: 20, count: 1 }] }, 2.3, 1.1],
    ['weights that are uploaded', { uploadedBytes: 100 }, 10, 5],
    ['the host', { host: { ...idle, weightBytes: 40 } }, 4, 2],
  ])('counts %s', (_, rest, slow, fast) => {
    const [low, high] = secondsOf(workOf([idle, idle], rest), 1)
    expect(low).toBeCloseTo(slow, 9)
    expect(high).toBeCloseTo(fast, 9)
  })

  it('adds devices up where they work one after the other, and waits for the slowest where side by side', () => {
    const devices = [{ weightBytes: 400 }, { weightBytes: 400 }]
    expect(secondsOf(workOf(devices), 1)).toEqual([6, 3])
    expect(secondsOf(workOf(devices, { sideBySide: true }), 1)).toEqual([4, 2])
  })
})
