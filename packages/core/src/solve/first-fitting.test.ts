import { describe, expect, it } from 'vitest'
import type { Placement } from '../placement/verdict.ts'
import { firstFitting } from './first-fitting.ts'
import type { Trials } from './trial.ts'

const PLACED = {} as Placement

interface Toy {
  readonly values: readonly string[]
  readonly fitting: readonly string[]
  readonly hopeless?: readonly string[]
}

function find({ values, fitting, hopeless = [] }: Toy) {
  const planned: string[] = []
  const valueOf = ({ request }: { readonly request?: object }): string => (request as { readonly value: string }).value
  const at: Trials['at'] = (change) => {
    planned.push(valueOf(change))
    return fitting.includes(valueOf(change)) ? { fits: true, placement: PLACED } : { fits: false, reasons: [] }
  }
  const trials = { at, isHopeless: (change: object) => hopeless.includes(valueOf(change)) } as unknown as Trials
  const found = firstFitting({ trials, values, change: (value) => ({ request: { value } as object }) })
  return { best: found.best?.value, refused: found.refused?.value, planned }
}

describe('firstFitting', () => {
  it.each<[string, Toy, ReturnType<typeof find>]>([
    ['the first', { values: ['a', 'b'], fitting: ['a', 'b'] }, { best: 'a', refused: undefined, planned: ['a'] }],
    // A worse value may need more: b fits where c does not.
    ['one between', { values: ['a', 'b', 'c'], fitting: ['b'] }, { best: 'b', refused: 'a', planned: ['a', 'b'] }],
    [
      'past what is beyond hope, whose reasons are asked for all the same',
      { values: ['a', 'b', 'c'], fitting: ['c'], hopeless: ['a', 'b'] },
      { best: 'c', refused: 'b', planned: ['c', 'b'] },
    ],
    ['none', { values: ['a', 'b'], fitting: [], hopeless: ['a'] }, { best: undefined, refused: 'b', planned: ['b'] }],
  ])('%s', (_, toy, expected) => expect(find(toy)).toEqual(expected))
})
