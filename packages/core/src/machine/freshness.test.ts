import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytes } from '../units.ts'
import { explainFreshness } from './explain-freshness.ts'
import { freshnessOf } from './freshness.ts'

const readAtMs = 1_772_352_000_000
const DAY = 86_400
const after = (seconds: number): number => readAtMs + seconds * 1000
const idle = { devices: [{}], readAtMs }
const used = { devices: [{}, { memoryUsed: bytes(1) }], readAtMs }

describe('what was read', () => {
  it.each([
    // Three reports of 300 s and a minute for the collector.
    ['reported just now', { ...used, reportSeconds: 300 }, 0, 'fresh'],
    ['three reports missed, the third still under way', { ...used, reportSeconds: 300 }, 960, 'fresh'],
    ['three reports missed', { ...used, reportSeconds: 300 }, 961, 'stale'],
    ['a reporter of idle GPUs too', { ...idle, reportSeconds: 300 }, 961, 'stale'],
    ['pasted a day ago', { ...used, reportSeconds: null }, DAY, 'fresh'],
    ['pasted more than a day ago', { ...used, reportSeconds: null }, DAY + 1, 'stale'],
    [
      'the host’s use alone',
      { devices: [], hostMemoryUsed: bytes(0), readAtMs, reportSeconds: null },
      DAY + 1,
      'stale',
    ],
    ['sizes alone do not age', { ...idle, reportSeconds: null }, 400 * DAY, 'fresh'],
    ['a clock ahead of ours', { ...used, reportSeconds: 300 }, -9000, 'fresh'],
    ['a machine of the catalogue', { ...used, readAtMs: null, reportSeconds: null }, 0, 'never-read'],
  ] as const)('%s', (_, machine, age, kind) => {
    expect(freshnessOf(machine, after(age)).kind).toBe(kind)
  })

  it('never gets fresher by waiting', () => {
    const seconds = fc.integer({ min: 0, max: 10 * DAY })
    const every = fc.option(fc.integer({ min: 30, max: DAY }))
    fc.assert(
      fc.property(seconds, seconds, every, (age, more, reportSeconds) => {
        const at = (when: number) => freshnessOf({ ...used, reportSeconds }, after(when)).kind
        if (at(age) === 'stale') expect(at(age + more)).toBe('stale')
      }),
    )
  })
})

it.each([
  [{ ...used, reportSeconds: 300 }, 60, undefined],
  [
    { ...used, reportSeconds: 300 },
    7300,
    'It reports every 5 min, and was last heard of 2 h ago: free memory and hardware may have changed.',
  ],
  [
    { ...used, reportSeconds: 60 },
    241,
    'It reports every 60 s, and was last heard of 4 min ago: free memory and hardware may have changed.',
  ],
  [
    { ...used, reportSeconds: null },
    3 * DAY,
    'Its figures were read 3 days ago, and nothing reports since: what others hold of its memory may have changed.',
  ],
  [
    { ...used, readAtMs: null, reportSeconds: null },
    0,
    'No tool on it was ever read: what others hold of its memory is not known, and nothing is reckoned for it.',
  ],
] as const)('%j after %i s: %s', (machine, age, sentence) => {
  expect(explainFreshness(freshnessOf(machine, after(age)))).toBe(sentence)
})
