import { describe, expect, it, vi } from 'vitest'
import { movedSpan, shareOf, spanAround, spanOf, spanTitle, ticksOf, type TimeZoom } from './time-axis.ts'

// Before the formats are made, which keep the zone that they find.
vi.hoisted(() => vi.stubEnv('TZ', 'Europe/Berlin'))

const iso = ({ from, to }: { readonly from: number; readonly to: number }) =>
  [from, to].map((at) => new Date(at).toISOString())
const of = (zoom: TimeZoom, at: string) => spanOf(zoom, Date.parse(at))

describe('a span', () => {
  it.each<[TimeZoom, string, string, string]>([
    ['day', '2026-03-10T12:00:00Z', '2026-03-09T23:00:00.000Z', '2026-03-10T23:00:00.000Z'],
    // the day on which clocks go forward has 23 hours
    ['day', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    // 23:30 UTC on Sunday is Monday in Berlin
    ['week', '2026-03-08T23:30:00Z', '2026-03-08T23:00:00.000Z', '2026-03-15T23:00:00.000Z'],
    ['month', '2026-02-01T12:00:00Z', '2026-01-31T23:00:00.000Z', '2026-03-03T23:00:00.000Z'],
    ['quarter', '2026-01-01T12:00:00Z', '2025-12-31T23:00:00.000Z', '2026-04-02T22:00:00.000Z'],
  ])('of a %s begins with the day of %s', (zoom, at, from, to) => {
    expect(iso(of(zoom, at))).toEqual([from, to])
  })

  it.each<[TimeZoom, string]>([
    ['day', '2026-03-09T23:00:00.000Z'],
    ['week', '2026-03-08T23:00:00.000Z'],
    ['month', '2026-03-06T23:00:00.000Z'],
    ['quarter', '2026-03-02T23:00:00.000Z'],
  ])('of a %s around today shows a little of what was', (zoom, from) => {
    expect(iso(spanAround(zoom, Date.parse('2026-03-10T12:00:00Z')))[0]).toBe(from)
  })

  it.each<TimeZoom>(['day', 'week', 'month', 'quarter'])('of a %s is followed by the next without a gap', (zoom) => {
    const span = of(zoom, '2026-03-27T12:00:00Z')
    expect(movedSpan(zoom, span, 1).from).toBe(span.to)
    expect(movedSpan(zoom, movedSpan(zoom, span, 1), -1)).toEqual(span)
  })
})

describe('ticksOf', () => {
  it.each<[TimeZoom, readonly string[]]>([
    ['day', ['00:00', '03:00', '06:00', '09:00', '12:00', '15:00', '18:00', '21:00']],
    ['week', ['Wed 25', 'Thu 26', 'Fri 27', 'Sat 28', 'Sun 1', 'Mon 2', 'Tue 3']],
    [
      'month',
      ['25', '28', '3', '6', '9', '12', '15', '18', '21', '24'].map((day, at) => `${day} ${at < 2 ? 'Feb' : 'Mar'}`),
    ],
  ])('labels a %s', (zoom, labels) => {
    const span = of(zoom, '2026-02-25T12:00:00Z')
    const ticks = ticksOf(zoom, span)
    expect(ticks.map(({ label }) => label)).toEqual(labels)
    expect(ticks[0]).toEqual({ at: span.from, label: labels[0], minor: false })
  })
  it('draws a line a week in a quarter, whatever the clocks do, and every second one where there is little room', () => {
    const span = of('quarter', '2026-02-25T12:00:00Z')
    const ticks = ticksOf('quarter', span)
    expect(ticks.map(({ at }) => new Date(at).getDay())).toEqual(Array.from({ length: 13 }, () => 3))
    expect(ticks.filter(({ minor }) => !minor)).toHaveLength(7)
    expect(ticks.every(({ at }) => at >= span.from && at < span.to)).toBe(true)
  })
})

describe('spanTitle', () => {
  it.each<[TimeZoom, string, string]>([
    ['day', '2026-02-25T12:00:00Z', 'Wed, 25 February 2026'],
    ['week', '2026-02-25T12:00:00Z', '25 Feb – 3 Mar 2026'],
    ['month', '2026-12-25T12:00:00Z', '25 Dec 2026 – 24 Jan 2027'],
  ])('of a %s with %s', (zoom, at, title) => {
    expect(spanTitle(zoom, of(zoom, at))).toBe(title)
  })
})

it.each([
  [0, 0],
  [15, 0.5],
  [20, 1],
  [99, 1],
])('puts %i at %d of 10 to 20', (at, share) => {
  expect(shareOf(at, { from: 10, to: 20 })).toBe(share)
})
