import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviceId, reservationId } from '../ids.ts'
import { bytes, instant, sumBytes } from '../units.ts'
import { type Claim, heldAt, peakOf, stepsOf } from './claims.ts'
import { conflictsIn, type Demand, earliestStart } from './conflict.ts'
import { outsideOf, overlaps, type TimeWindow } from './window.ts'

const window = (start: number, end: number | null): TimeWindow => ({
  start: instant(start),
  end: end === null ? null : instant(end),
})
const claim = (size: number, start: number, end: number | null, id = 'a'): Claim => ({
  reservation: reservationId(id),
  bytes: bytes(size),
  window: window(start, end),
})

describe('the most in one moment', () => {
  it.each([
    ['nothing is held', [], window(0, 10), { bytes: 0, at: 0 }],
    ['one that began before and goes on', [claim(4, -5, null)], window(0, 10), { bytes: 4, at: 0 }],
    ['one that ends where the window starts', [claim(4, -5, 0)], window(0, 10), { bytes: 0, at: 0 }],
    ['one that starts where the window ends', [claim(4, 10, 20)], window(0, 10), { bytes: 0, at: 0 }],
    ['one after the other', [claim(4, 0, 5), claim(6, 5, 9)], window(0, 10), { bytes: 6, at: 5 }],
    ['one upon the other', [claim(4, 0, 6), claim(6, 5, 9)], window(0, 10), { bytes: 10, at: 5 }],
    ['an open window', [claim(4, 0, 6), claim(6, 100, null)], window(0, null), { bytes: 6, at: 100 }],
    ['the same twice: the first moment is told', [claim(4, 2, 3), claim(4, 7, 8)], window(0, 10), { bytes: 4, at: 2 }],
    ['an empty one holds nothing', [claim(4, 5, 5)], window(0, 10), { bytes: 0, at: 0 }],
  ] as const)('%s', (_, claims, asked, expected) => {
    expect(peakOf(claims, asked)).toEqual(expected)
  })

  it('is told by steps, each where the sum changes', () => {
    expect(stepsOf([claim(4, -1, 6), claim(6, 5, 9), claim(4, 6, 8)], window(0, 9))).toEqual([
      { at: 0, bytes: 4 },
      { at: 5, bytes: 10 },
      { at: 8, bytes: 6 },
    ])
  })
})

const CLOCK = 24
const time = fc.integer({ min: 0, max: CLOCK })
const anyWindow = fc
  .tuple(time, fc.option(fc.integer({ min: 0, max: CLOCK }), { freq: 4 }))
  .map(([start, length]) => window(start, length === null ? null : start + length))
const realWindow = anyWindow.filter(({ start, end }) => end === null || end > start)
const anyClaims = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), anyWindow, fc.nat(99))
    .map(([size, of, id]): Claim => ({ reservation: reservationId(`r${id}`), bytes: bytes(size), window: of })),
  { maxLength: 12 },
)

/** Every whole moment of a window; beyond the clock nothing changes any more. */
const moments = ({ start, end }: TimeWindow): readonly number[] =>
  Array.from({ length: Math.max(0, Math.min(end ?? Infinity, 3 * CLOCK) - start) }, (_, at) => start + at)
const sumAt = (claims: readonly Claim[], at: number): number =>
  sumBytes(heldAt(claims, instant(at)).map((one) => one.bytes))

describe('against every moment of a clock', () => {
  it('the peak is the most of them, and the first', () => {
    fc.assert(
      fc.property(anyClaims, realWindow, (claims, asked) => {
        const sums = moments(asked).map((at) => sumAt(claims, at))
        const most = Math.max(...sums)
        expect(peakOf(claims, asked)).toEqual({ bytes: most, at: asked.start + sums.indexOf(most) })
      }),
    )
  })

  it('steps say what is held in every one', () => {
    fc.assert(
      fc.property(anyClaims, realWindow, (claims, asked) => {
        const steps = stepsOf(claims, asked)
        for (const at of moments(asked)) {
          expect(steps.findLast((step) => step.at <= at)?.bytes).toBe(sumAt(claims, at))
        }
      }),
    )
  })

  it('a window outside another and their overlap are all of it', () => {
    fc.assert(
      fc.property(anyWindow, anyWindow, (one, other) => {
        const left = outsideOf(one, other).flatMap(moments)
        const inside = new Set(moments(other))
        expect(left).toEqual(moments(one).filter((at) => !inside.has(at)))
        expect(overlaps(one, other)).toBe(moments(one).some((at) => inside.has(at)))
      }),
    )
  })
})

const place = { kind: 'device', device: deviceId('gpu') } as const
const demandOf = (claims: readonly Claim[], requested: number, capacity: number): Demand => ({
  place,
  requested: bytes(requested),
  capacity: bytes(capacity),
  claims,
})

describe('what stands in the way', () => {
  const others = [claim(10, 0, 10, 'a'), claim(8, 5, 20, 'b'), claim(2, 5, null, 'c')]

  it.each([
    ['fits beside them', 4, window(0, null), undefined, []],
    [
      'the worst moment is told, with all who hold it then, the most first',
      8,
      window(0, 30),
      undefined,
      [{ reserved: 20, short: 4, at: 5, others: ['a', 'b', 'c'] }],
    ],
    ['fits once they are over', 20, window(20, 30), undefined, []],
    [
      'too much for the place itself',
      25,
      window(30, 40),
      undefined,
      [{ reserved: 2, short: 3, at: 30, others: ['c'] }],
    ],
    ['of a longer window only what is new is asked for', 8, window(0, 25), window(0, 20), []],
    ['a shorter one is always granted', 99, window(2, 6), window(0, 20), []],
  ] as const)('%s', (_, requested, asked, held, expected) => {
    const found = conflictsIn([demandOf(others, requested, 24)], asked, held)
    expect(
      found.map(({ reserved, short, at, others: who }) => ({
        ...{ reserved, short, at },
        others: who.map(({ reservation }) => reservation),
      })),
    ).toEqual(expected)
  })

  it('is nothing exactly where no moment has too much', () => {
    fc.assert(
      fc.property(anyClaims, realWindow, fc.integer({ min: 1, max: 40 }), (claims, asked, requested) => {
        const fits = moments(asked).every((at) => sumAt(claims, at) + requested <= 40)
        expect(conflictsIn([demandOf(claims, requested, 40)], asked)).toHaveLength(fits ? 0 : 1)
      }),
    )
  })

  it('is gone at the earliest start, and at no moment before that', () => {
    const shifted = ({ start, end }: TimeWindow, at: number) => window(at, end === null ? null : end - start + at)
    fc.assert(
      fc.property(anyClaims, anyClaims, realWindow, fc.integer({ min: 1, max: 30 }), (one, other, asked, requested) => {
        const demands = [demandOf(one, requested, 30), demandOf(other, requested, 20)]
        const starts = Array.from({ length: 3 * CLOCK }, (_, at) => asked.start + at)
        const expected = starts.find((at) => conflictsIn(demands, shifted(asked, at)).length === 0)
        expect(earliestStart(demands, asked)).toBe(expected)
      }),
    )
  })
})
