import { TRPCClientError } from '@trpc/client'
import { describe, expect, it } from 'vitest'
import { failureOf, Refusal } from './failure.ts'

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
