/** A mixed-integer linear program as plain data, for whatever solver reads it. */
export interface Milp {
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

export interface Column {
  readonly lower: number
  readonly upper: number
  readonly integer: boolean
}

export interface Term {
  readonly column: number
  readonly coefficient: number
}

export interface Row {
  readonly terms: readonly Term[]
  /** Minus infinity where there is none. */
  readonly lower: number
  readonly upper: number
}

/** What is sought, most important first: a later goal is sought among the best answers to those before it. */
export interface Stage<Goal> {
  readonly goal: Goal
  readonly sense: 'most' | 'least'
  readonly terms: readonly Term[]
  /** No answer is better than this, as is known before any search. */
  readonly limit: number
}

export const times = (coefficient: number, column: number): Term => ({ column, coefficient })

/** What terms come to. */
export const valueOf = (terms: readonly Term[], values: readonly number[]): number =>
  terms.reduce((sum, { column, coefficient }) => sum + coefficient * values[column]!, 0)

/** Each column once. */
function merged(terms: readonly Term[]): readonly Term[] {
  const sums = new Map<number, number>()
  for (const { column, coefficient } of terms) sums.set(column, (sums.get(column) ?? 0) + coefficient)
  return [...sums].map(([column, coefficient]) => times(coefficient, column))
}

interface Part {
  readonly column: number
  readonly bytes: number
}

export interface MilpBuilder {
  /** A whole number from 0 up to this. */
  readonly whole: (upper: number) => number
  /** 1 where any of the columns is not 0. A solver may leave it 1 where none is. */
  readonly whereAny: (columns: readonly number[]) => number
  /** The same of parts that together come to so much at most: one row, which holds fractions of a relaxation tightly. */
  readonly whereLoaded: (parts: readonly Part[], capacity: number) => number
  /** 0 where all of the columns are 0, and 1 at most. A solver may leave it 0 where one is not. */
  readonly ifAny: (columns: readonly number[]) => number
  /** From 0 to 1, at least the largest of all sums. */
  readonly largestOf: (sums: readonly (readonly Term[])[]) => number
  readonly row: (row: Row) => void
  readonly atMost: (upper: number, terms: readonly Term[]) => void
  readonly built: () => Milp
  /** The columns that follow from others, worked out from those, the others being given. */
  readonly complete: (values: readonly number[]) => readonly number[]
}

export function milpBuilder(): MilpBuilder {
  const columns: Column[] = []
  const rows: Row[] = []
  const derived: { readonly column: number; readonly from: (values: readonly number[]) => number }[] = []
  const columnOf = (column: Column): number => columns.push(column) - 1
  const whole: MilpBuilder['whole'] = (upper) => columnOf({ lower: 0, upper, integer: true })
  const row: MilpBuilder['row'] = ({ terms, ...bounds }) => void rows.push({ ...bounds, terms: merged(terms) })
  const atMost: MilpBuilder['atMost'] = (upper, terms) => row({ lower: -Infinity, upper, terms })
  const anyOf = (some: readonly number[]): number => {
    const column = whole(1)
    derived.push({ column, from: (values) => (some.some((one) => values[one]! > 0) ? 1 : 0) })
    return column
  }
  return {
    whole,
    whereAny: (some) => {
      const column = anyOf(some)
      for (const one of some) atMost(0, [times(1, one), times(-columns[one]!.upper, column)])
      return column
    },
    whereLoaded: (parts, capacity) => {
      const column = anyOf(parts.map((part) => part.column))
      atMost(0, [...parts.map((part) => times(part.bytes / capacity, part.column)), times(-1, column)])
      return column
    },
    ifAny: (some) => {
      const column = anyOf(some)
      atMost(0, [times(1, column), ...some.map((one) => times(-1, one))])
      return column
    },
    largestOf: (sums) => {
      const column = columnOf({ lower: 0, upper: 1, integer: false })
      for (const terms of sums) atMost(0, [...terms, times(-1, column)])
      derived.push({ column, from: (values) => Math.max(0, ...sums.map((terms) => valueOf(terms, values))) })
      return column
    },
    row,
    atMost,
    built: () => ({ columns, rows }),
    complete: (values) => derived.reduce((known, { column, from }) => known.with(column, from(known)), values),
  }
}
