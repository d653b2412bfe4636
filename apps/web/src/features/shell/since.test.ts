import { describe, expect, it } from 'vitest'
import { since } from './since.ts'

const now = Date.parse('2026-03-20T12:00:00.000Z')

describe('since', () => {
  it.each([
    ['2026-03-20T11:59:30.000Z', 'just now'],
    // the server's clock may be ahead of the reader's
    ['2026-03-20T12:00:05.000Z', 'just now'],
    ['2026-03-20T11:59:00.000Z', '1 min ago'],
    ['2026-03-20T11:00:01.000Z', '59 min ago'],
    ['2026-03-20T09:30:00.000Z', '2 h ago'],
    ['2026-03-19T11:00:00.000Z', 'yesterday'],
    ['2026-03-15T11:00:00.000Z', '5 days ago'],
    ['2026-01-02T11:00:00.000Z', '2026-01-02'],
  ])('writes %s as %s', (time, expected) => {
    expect(since(time, now)).toBe(expected)
  })
})
