import { gibibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import type { FitCell } from '../fit-matrix-parts.ts'
import { cellWords, headroomFigure } from './headroom-words.ts'

describe('a cell in words', () => {
  it.each<readonly [Omit<FitCell, 'tip'>, string, string]>([
    [{ kind: 'fits', headroom: gibibytes(3.1), certain: true }, '+3.1', 'Fits: 3.10 GiB to spare'],
    [
      { kind: 'fits', headroom: gibibytes(3.1), certain: false, file: 'Q5_K_M' },
      '≈+3.1',
      'Fits: Q5_K_M, about 3.10 GiB to spare',
    ],
    [{ kind: 'no', headroom: gibibytes(-12.44), certain: false }, '≈−12.4', 'Does not fit: about 12.44 GiB lacking'],
    [{ kind: 'no', headroom: gibibytes(-312), certain: true }, '−312', 'Does not fit: 312.00 GiB lacking'],
    [{ kind: 'host', headroom: gibibytes(0), certain: true }, '+0.0', 'Needs host memory: 0 B to spare'],
    [{ kind: 'refused', headroom: null, certain: true }, '–', 'Refused'],
    [{ kind: 'open', headroom: null, certain: false, file: 'Q8_0' }, '–', 'Open: Q8_0'],
  ])('%j', (cell, figure, words) => {
    expect(headroomFigure(cell)).toBe(figure)
    expect(cellWords(cell)).toBe(words)
  })
})
