import { TRPCClientError } from '@trpc/client'
import { describe, expect, it } from 'vitest'
import { conflictsOf, failureOf, heldByReservations, Refusal } from './failure.ts'

const refused = new TRPCClientError('x', {
  result: { error: { data: { problem: { detail: 'Too long.', fields: [{ path: 'name', message: 'is' }] } } } as never },
})

describe('failureOf', () => {
  it.each([
    ['the API', refused, 'Too long.', ['name is']],
    ['a page of this server', new Refusal('The catalogue has no x in F16.'), 'The catalogue has no x in F16.', []],
    // The browser's own word for a server that does not answer.
    ['nobody', new TypeError('Failed to fetch'), 'The server could not be reached. Nothing was changed.', []],
  ])('tells what %s said', (_, error, message, fields) => {
    expect(failureOf(error)).toEqual({ message, fields })
  })
})

const problem = (code: string, data?: object) =>
  new TRPCClientError('x', { result: { error: { data: { problem: { code, detail: 'No.', data } } } as never } })

describe('what reservations have to do with an error', () => {
  const conflict = { name: 'GPU 0', reservations: [] }
  it.each([
    ['a conflict', problem('reservation-conflict', { conflicts: [conflict] }), [conflict]],
    // a server of another version
    ['a conflict that is not told', problem('reservation-conflict', { conflicts: 'some' }), []],
    ['another error', problem('in-use', { conflicts: [conflict] }), []],
    ['no answer', new TypeError('Failed to fetch'), []],
  ])('lists those of %s', (_, error, conflicts) => {
    expect(conflictsOf(error)).toEqual(conflicts)
  })
  it.each([
    ['reservations', problem('in-use', { reservations: [{}], count: 1 }), true],
    ['plans', problem('in-use', { plans: 2 }), false],
    ['nothing', new TypeError('Failed to fetch'), false],
  ])('knows what is held by %s', (_, error, held) => {
    expect(heldByReservations(error)).toBe(held)
  })
})
