import { describe, expect, it } from 'vitest'
import { isCurrent, navigation } from './navigation.ts'

describe('isCurrent', () => {
  it.each([
    ['/', ['Overview']],
    ['/machines', ['Machines']],
    ['/machines/import', ['Machines']],
    ['/models/catalogue/llama', ['Models']],
    // one is the start of the other
    ['/plan', ['Plan']],
    ['/plans', ['Saved plans']],
    ['/plans/7', ['Saved plans']],
    ['/reservations/new', ['Reservations']],
    ['/capacity', ['Capacity']],
    ['/fleet', ['Fleet matrix']],
    ['/catalogue', ['Catalogue']],
    ['/history', ['History']],
  ])('marks exactly one noun on %s', (pathname, expected) => {
    const marked = navigation.filter(({ href }) => isCurrent(href, pathname)).map(({ label }) => label)
    expect(marked).toEqual(expected)
  })
})
