import { expect, it } from 'vitest'
import { instant } from '../units.ts'
import { isLive, reservationState } from './state.ts'

const [start, end] = [instant(10), instant(20)]

it.each([
  ['before it starts', { start, end }, [null, 9], 'planned'],
  ['at its start', { start, end }, [null, 10], 'active'],
  ['until just before its end', { start, end }, [null, 19], 'active'],
  ['at its end', { start, end }, [null, 20], 'expired'],
  ['without an end', { start, end: null }, [null, 1e15], 'active'],
  ['given back before it started', { start, end }, [5, 15], 'released'],
  ['given back, and over by now anyway', { start, end }, [15, 99], 'released'],
] as const)('%s', (_, window, [releasedAt, now], state) => {
  const at = releasedAt === null ? null : instant(releasedAt)
  expect(reservationState({ window, releasedAt: at }, instant(now))).toBe(state)
  expect(isLive(state)).toBe(state === 'planned' || state === 'active')
})
