import { describe, expect, it, vi } from 'vitest'
import { firstWindow, localInput, readWindow, type WindowInputs, type WindowRead } from './window-inputs.ts'

vi.hoisted(() => vi.stubEnv('TZ', 'Europe/Berlin'))

const now = Date.parse('2026-03-10T08:00:30Z')

it('begins now and lasts a week, which the change of clocks may shift', () => {
  expect(firstWindow(now)).toEqual({ from: '', until: '2026-03-17T09:00', openEnded: false })
  expect(firstWindow(Date.parse('2026-03-25T08:00:00Z')).until).toBe('2026-04-01T10:00')
})

it.each(['2026-03-10T00:00', '2026-07-01T23:59'])('writes %s as it reads it', (text) => {
  expect(localInput(new Date(text).getTime())).toBe(text)
})

describe('readWindow', () => {
  const read = (from: string, until: string, openEnded = false): WindowRead =>
    readWindow({ from, until, openEnded } satisfies WindowInputs, now)
  const bad = (field: 'from' | 'until', message: string): WindowRead => ({ ok: false, field, message })
  const good = (startsAt: string | undefined, endsAt: string | null): WindowRead => ({
    ok: true,
    window: { startsAt, endsAt },
  })

  it.each<[string, WindowRead, WindowRead]>([
    ['from now', read('', '2026-03-10T10:00'), good(undefined, '2026-03-10T09:00:00.000Z')],
    [
      'later, in summer time',
      read('2026-03-30T09:00', '2026-03-31T09:00'),
      good('2026-03-30T07:00:00.000Z', '2026-03-31T07:00:00.000Z'),
    ],
    // what was typed before it was left open does not matter
    ['open-ended', read('2026-03-11T09:00', '2026-03-01T09:00', true), good('2026-03-11T08:00:00.000Z', null)],
    // a field that is half filled in is empty
    ['no end', read('', ''), bad('until', 'Give a date and a time, or leave it open-ended.')],
    ['no date', read('soon', ''), bad('from', 'It must be a date and a time.')],
    [
      'an end before',
      read('2026-03-12T09:00', '2026-03-12T09:00'),
      bad('until', 'It must be later than the beginning.'),
    ],
    ['an end in the past', read('2026-03-01T09:00', '2026-03-10T09:00'), bad('until', 'This is over already.')],
  ])('reads %s', (_, was, expected) => {
    expect(was).toEqual(expected)
  })
})
