import { describe, expect, it } from 'vitest'
import { type CloneNaming, cloneNames, explainCloneNamesIssue } from './clone-names.ts'

const names = (change: Partial<CloneNaming>) =>
  cloneNames({ pattern: 'lab-{n}', count: 2, taken: new Set(['lab-1', 'lab-3', 'alone']), ...change })

describe('cloneNames', () => {
  it.each<[string, Partial<CloneNaming>, readonly string[]]>([
    ['the first numbers that are free in a row', {}, ['lab-4', 'lab-5']],
    ['a gap that is wide enough', { count: 1 }, ['lab-2']],
    ['the numbers asked for', { firstNumber: 9 }, ['lab-9', 'lab-10']],
    ['as many digits as asked for', { pattern: '{nn}/{nnn}', firstNumber: 9 }, ['09/009', '10/010']],
    ['a single name as it stands', { pattern: 'other', count: 1 }, ['other']],
    // Neither a dollar nor another word in braces has a meaning.
    ['other signs as they are', { pattern: '$&{x}{n}', count: 1 }, ['$&{x}1']],
  ])('takes %s', (_, change, expected) => {
    expect(names(change)).toEqual({ ok: true, value: expected })
  })

  it.each<[Partial<CloneNaming>, string]>([
    [{ pattern: 'lab' }, 'The pattern of several names must hold {n}, where the number stands.'],
    [{ pattern: 'alone', count: 1 }, 'Other machines are called alone.'],
    [{ firstNumber: 1, count: 3 }, 'Other machines are called lab-1, lab-3.'],
    [
      { taken: new Set(Array.from({ length: 9999 }, (_, at) => `lab-${at + 1}`)) },
      'There are not so many free names in a row up to number 9999.',
    ],
  ])('refuses %j', (change, expected) => {
    const found = names(change)
    expect(found.ok ? '' : explainCloneNamesIssue(found.issue)).toBe(expected)
  })
})
