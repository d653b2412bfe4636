import { describe, expect, it, vi } from 'vitest'
import { movedDay, shownSpan, statesOf } from './reservation-query.ts'

vi.hoisted(() => vi.stubEnv('TZ', 'Europe/Berlin'))

const now = Date.parse('2026-03-10T08:00:00Z')

describe('the span of an address', () => {
  it.each<[Parameters<typeof shownSpan>[0], string]>([
    [{ zoom: 'week', day: null }, '2026-03-08T23:00:00.000Z'],
    [{ zoom: 'day', day: '2026-03-29' }, '2026-03-28T23:00:00.000Z'],
    [{ zoom: 'quarter', day: '2026-07-04' }, '2026-07-03T22:00:00.000Z'],
    // typed by hand
    [{ zoom: 'month', day: 'yesterday' }, '2026-03-06T23:00:00.000Z'],
  ])('%o begins at %s', (query, from) => {
    expect(new Date(shownSpan(query, now).from).toISOString()).toBe(from)
  })

  it.each<[Parameters<typeof shownSpan>[0], number, string | null]>([
    [{ zoom: 'week', day: null }, 1, '2026-03-16'],
    [{ zoom: 'week', day: '2026-03-16' }, -1, null],
    [{ zoom: 'month', day: null }, -1, '2026-02-04'],
    // the day of 23 hours is one day
    [{ zoom: 'day', day: '2026-03-29' }, 1, '2026-03-30'],
  ])('of %o moved by %i is that of %s', (query, by, day) => {
    expect(movedDay(query, by, now)).toBe(day)
  })
})

it.each([
  ['live', ['planned', 'active']],
  ['released', ['released']],
  ['every', undefined],
] as const)('%s stands for %o', (choice, states) => {
  expect(statesOf(choice)).toEqual(states)
})
