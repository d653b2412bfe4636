import { describe, expect, it, vi } from 'vitest'
import { momentWords, windowWords, zoneWords } from './time-words.ts'

// Before the formats are made, which keep the zone that they find.
vi.hoisted(() => vi.stubEnv('TZ', 'Europe/Berlin'))

const at = (text: string) => Date.parse(text)

describe('times on the reader’s clock', () => {
  it.each([
    ['2026-03-10T08:00:00Z', '2026-03-10T11:30:00Z', '10 Mar 2026, 09:00 → 12:30'],
    // the same day in UTC, another in Berlin
    ['2026-03-10T08:00:00Z', '2026-03-10T23:30:00Z', '10 Mar 2026, 09:00 → 11 Mar 2026, 00:30'],
    ['2026-03-01T08:00:00Z', '2026-03-10T08:00:00Z', '1 Mar 2026, 09:00 → 10 Mar 2026, 09:00'],
  ])('from %s to %s', (from, to, words) => {
    expect(windowWords(at(from), at(to))).toBe(words)
  })
  it('says that there is no end', () => {
    expect(windowWords(at('2026-03-10T08:00:00Z'), undefined)).toBe('10 Mar 2026, 09:00 → open-ended')
  })
  it('names the zone', () => {
    expect(zoneWords(at('2026-03-10T08:00:00Z'))).toBe('Europe/Berlin, CET')
    expect(momentWords(at('2026-07-01T12:00:00Z'))).toBe('1 Jul 2026, 14:00')
  })
})
