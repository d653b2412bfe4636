import { describe, expect, it, vi } from 'vitest'
import { shareOf, spanOf, spanTitle, ticksOf, type TimeZoom } from './time-axis.ts'

// Before the formats are made, which keep the zone that they find.
vi.hoisted(() => vi.stubEnv('TZ', 'Europe/Berlin'))

const iso = ({ from, to }: { readonly from: number; readonly to: number }) =>
  [from, to].map((at) => new Date(at).toISOString())

describe('spanOf', () => {
  it.each<[TimeZoom, string, number, string, string]>([
    ['day', '2026-03-10T12:00:00Z', 0, '2026-03-09T23:00:00.000Z', '2026-03-10T23:00:00.000Z'],
    // the day on which clocks go forward has 23 hours
    ['day', '2026-03-29T12:00:00Z', 0, '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    // 23:30 UTC on Sunday is Monday in Berlin
    ['week', '2026-03-08T23:30:00Z', 0, '2026-03-08T23:00:00.000Z', '2026-03-15T23:00:00.000Z'],
    ['week', '2026-03-15T12:00:00Z', 1, '2026-03-15T23:00:00.000Z', '2026-03-22T23:00:00.000Z'],
    // from a month of 31 days to one of 28
    ['month', '2026-01-31T12:00:00Z', 1, '2026-01-31T23:00:00.000Z', '2026-02-28T23:00:00.000Z'],
    ['quarter', '2026-02-10T12:00:00Z', -1, '2025-09-30T22:00:00.000Z', '2025-12-31T23:00:00.000Z'],
  ])('%s of %s, moved by %i', (zoom, at, by, from, to) => {
    expect(iso(spanOf(zoom, Date.parse(at), by))).toEqual([from, to])
  })
})

describe('ticksOf', () => {
  it.each<[TimeZoom, readonly string[]]>([
    ['day', ['00:00', '03:00', '06:00', '09:00', '12:00', '15:00', '18:00', '21:00']],
    ['week', ['Mon 23', 'Tue 24', 'Wed 25', 'Thu 26', 'Fri 27', 'Sat 28', 'Sun 1']],
    ['month', ['1 Feb', '4 Feb', '7 Feb', '10 Feb', '13 Feb', '16 Feb', '19 Feb', '22 Feb', '25 Feb', '28 Feb']],
    ['quarter', ['Jan', 'Feb', 'Mar'].flatMap((month) => [1, 8, 15, 22].map((day) => `${day} ${month}`))],
  ])('labels a %s', (zoom, labels) => {
    const span = spanOf(zoom, Date.parse('2026-02-25T12:00:00Z'))
    const ticks = ticksOf(zoom, span)
    expect(ticks.map(({ label }) => label)).toEqual(labels)
    expect(ticks.every(({ at }) => at >= span.from && at < span.to)).toBe(true)
    expect(ticks[0]).toEqual({ at: span.from, label: labels[0], minor: false })
  })
  it('leaves every second line out where there is little room', () => {
    const ticks = ticksOf('day', spanOf('day', Date.parse('2026-02-25T12:00:00Z')))
    expect(ticks.map(({ minor }) => minor)).toEqual([false, true, false, true, false, true, false, true])
  })
})

describe('spanTitle', () => {
  it.each<[TimeZoom, string, string]>([
    ['day', '2026-02-25T12:00:00Z', 'Wed, 25 February 2026'],
    ['week', '2026-03-10T12:00:00Z', '9 – 15 Mar 2026'],
    ['week', '2026-02-25T12:00:00Z', '23 Feb – 1 Mar 2026'],
    ['month', '2026-02-25T12:00:00Z', 'February 2026'],
    ['quarter', '2026-02-25T12:00:00Z', 'Quarter 1 of 2026'],
  ])('of a %s with %s', (zoom, at, title) => {
    expect(spanTitle(zoom, spanOf(zoom, Date.parse(at)))).toBe(title)
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
