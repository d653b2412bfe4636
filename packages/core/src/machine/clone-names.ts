import { fail, ok, type Result } from '../result.ts'

/** Each n is a digit at least: `{n}` writes 7, `{nn}` 07. */
const NUMBER = /\{(n{1,4})\}/
/** Where numbers end, so that the search for free ones does too. */
const LARGEST_NUMBER = 9999

export type CloneNamesIssue =
  | { readonly code: 'no-number' }
  | { readonly code: 'no-free-numbers'; readonly largest: number }
  | { readonly code: 'name-taken'; readonly names: readonly string[] }

export interface CloneNaming {
  /** The name of each, with `{n}` where its number stands; of a single one it may be left out. */
  readonly pattern: string
  readonly count: number
  /** Left out: the first after which so many names in a row are free. */
  readonly firstNumber?: number | undefined
  readonly taken: ReadonlySet<string>
}

/** The names of machines made after a pattern, numbered without a gap; none that is taken. */
export function cloneNames({
  pattern,
  count,
  firstNumber,
  taken,
}: CloneNaming): Result<readonly string[], CloneNamesIssue> {
  if (!NUMBER.test(pattern)) {
    if (count > 1) return fail({ code: 'no-number' })
    return taken.has(pattern) ? fail({ code: 'name-taken', names: [pattern] }) : ok([pattern])
  }
  const first = firstNumber ?? firstFree({ pattern, count, taken })
  if (first === undefined) return fail({ code: 'no-free-numbers', largest: LARGEST_NUMBER })
  const names = Array.from({ length: count }, (_, at) => nameOf(pattern, first + at))
  const known = names.filter((name) => taken.has(name))
  return known.length === 0 ? ok(names) : fail({ code: 'name-taken', names: known })
}

/** The start of the first row of free numbers that is long enough, from 1. */
function firstFree({ pattern, count, taken }: CloneNaming): number | undefined {
  for (let number = 1, row = 0; number <= LARGEST_NUMBER; number++) {
    row = taken.has(nameOf(pattern, number)) ? 0 : row + 1
    if (row === count) return number - count + 1
  }
  return undefined
}

const nameOf = (pattern: string, number: number): string =>
  pattern.replaceAll(new RegExp(NUMBER, 'g'), (_, digits: string) => String(number).padStart(digits.length, '0'))

/** One sentence. */
export function explainCloneNamesIssue(issue: CloneNamesIssue): string {
  switch (issue.code) {
    case 'no-number':
      return 'The pattern of several names must hold {n}, where the number stands.'
    case 'no-free-numbers':
      return `There are not so many free names in a row up to number ${issue.largest}.`
    case 'name-taken':
      return `Other machines are called ${issue.names.join(', ')}.`
  }
}
