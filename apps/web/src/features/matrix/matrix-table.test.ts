import { gibibytes, machineId } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { surveyFixture } from './matrix-fixture.ts'
import { bestFile, correctedCounts, countsOf, matrixTable } from './matrix-table.ts'
import type { ExactCell } from './survey.ts'

const nothing = new Map()
const exact = (headroom: number): ExactCell => ({
  machineId: machineId('id-lab-2'),
  verdict: 'fits',
  headroom: gibibytes(headroom),
  largestContext: 32_768,
  generation: { low: 18, high: 24 },
  prompt: null,
  engine: 'llama.cpp',
  engineVersion: 'b1',
  places: [],
  split: '41+40',
  devices: 2,
  reasons: [],
})

describe('a cell', () => {
  it.each([
    // 1.1 GiB is more than a GiB, and less than a twentieth of 24.
    [0, 0, { kind: 'tight', headroom: gibibytes(1.1), certain: false }],
    [0, 1, { kind: 'fits', headroom: gibibytes(9), certain: false }],
    [1, 0, { kind: 'host', headroom: gibibytes(3), certain: false }],
    [1, 1, { kind: 'open', headroom: gibibytes(0.1), certain: false }],
    [2, 2, { kind: 'refused', headroom: null, certain: false }],
  ])('of file %i on hardware %i', (file, hardware, cell) => {
    expect(matrixTable(surveyFixture, nothing, 0).at(file, hardware)).toEqual(cell)
  })

  it('is what was planned of it, once it is', () => {
    const planned = exact(0.4)
    const table = matrixTable(surveyFixture, new Map([['a-q8', new Map([['id-lab-2', planned]])]]), 0)
    expect(table.at(1, 1)).toEqual({ kind: 'tight', headroom: gibibytes(0.4), certain: true, exact: planned })
    expect(table.surveyedAt(1, 1).kind).toBe('open')
  })
})

describe('counts', () => {
  it('are of machines, not of columns', () => {
    expect(countsOf(matrixTable(surveyFixture, nothing, 0))).toEqual({
      machines: 4,
      sizes: [1, 2, 1],
      hostedBy: [3, 1, 3],
      hosting: [3, 2, 0],
      kinds: { fits: 5, tight: 1, host: 1, no: 2, refused: 1, open: 2 },
    })
  })
  it('are corrected by what is planned since', () => {
    const planned = new Map([['a-q8', new Map([['id-lab-2', exact(9)]])]])
    const table = matrixTable(surveyFixture, planned, 0)
    const surveyed = countsOf(table)
    expect(correctedCounts(surveyed, table, planned)).toEqual({
      ...surveyed,
      hostedBy: [3, 3, 3],
      hosting: [3, 3, 0],
      kinds: { ...surveyed.kinds, fits: 7, open: 0 },
    })
    expect(surveyed.hostedBy).toEqual([3, 1, 3])
    // Another lab's machine, or a file that is gone.
    const foreign = new Map([
      ['gone', new Map([['id-lab-2', exact(9)]])],
      ['a-q4', new Map([['id-gone', exact(9)]])],
    ])
    expect(correctedCounts(surveyed, matrixTable(surveyFixture, foreign, 0), foreign)).toEqual(surveyed)
  })
  it('ask for what is to be to spare', () => {
    const { hostedBy, hosting } = countsOf(matrixTable(surveyFixture, nothing, 10))
    expect({ hostedBy, hosting }).toEqual({ hostedBy: [0, 0, 3], hosting: [1, 1, 0] })
  })
})

describe('the best file of a model', () => {
  it.each([
    ['the largest without the host', 0, 0, 0],
    ['the largest that fits', 1, 0, 0],
    ['where none fits, what lacks least', 2, 0, 0],
    ['with more to spare, what needs the host', 0, 2, 1],
  ])('is %s', (_, hardware, spare, file) => {
    expect(bestFile(matrixTable(surveyFixture, nothing, spare), [1, 0], hardware)).toBe(file)
  })
})
