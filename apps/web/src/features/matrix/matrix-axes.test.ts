import { describe, expect, it } from 'vitest'
import { axesOf } from './matrix-axes.ts'
import { surveyFixture } from './matrix-fixture.ts'
import { countsOf, matrixTable } from './matrix-table.ts'

type Shown = Parameters<typeof axesOf>[2]

const usual: Shown = { rows: 'files', show: [], sort: 'given', by: null, order: 'name', turned: [], wide: [] }
const table = matrixTable(surveyFixture, new Map(), 0)
const axes = (change: Partial<Shown>) => axesOf(table, countsOf(table), { ...usual, ...change })
const rows = (change: Partial<Shown>) =>
  axes(change).rows.map((row) => (row.kind === 'model' ? row.name : surveyFixture.files[row.file]!.key))
const columns = (change: Partial<Shown>) =>
  axes(change).columns.map(({ machines, several }) => `${machines[0]!.name}${several ? ` ×${machines.length}` : ''}`)

describe('rows', () => {
  it.each<readonly [string, Partial<Shown>, readonly string[]]>([
    ['are files below their models, the largest first', {}, ['Big', 'a-q8', 'a-q4', 'b-q4']],
    ['are models, and a file that is alone is a row of its own', { rows: 'models' }, ['Big', 'b-q4']],
    ['fold', { turned: ['Big'] }, ['Big', 'b-q4']],
    ['unfold', { rows: 'models', turned: ['Big'] }, ['Big', 'a-q8', 'a-q4', 'b-q4']],
    ['are sorted by name', { sort: 'name' }, ['b-q4', 'Big', 'a-q4', 'a-q8']],
    ['are sorted by size', { sort: 'size' }, ['b-q4', 'Big', 'a-q4', 'a-q8']],
    ['are sorted by size, the largest first', { sort: '-size' }, ['Big', 'a-q8', 'a-q4', 'b-q4']],
    ['are sorted by machines', { sort: '-machines' }, ['Big', 'a-q4', 'a-q8', 'b-q4']],
    ['are sorted by headroom on a machine', { sort: '-headroom', by: 'id-lab-3' }, ['b-q4', 'Big', 'a-q4', 'a-q8']],
    ['stay where that machine is gone', { sort: '-headroom', by: 'gone' }, ['Big', 'a-q8', 'a-q4', 'b-q4']],
    ['have a cell of what is shown', { show: ['refused', 'host'] }, ['a-q8', 'b-q4']],
  ])('%s', (_, change, expected) => expect(rows(change)).toEqual(expected))
})

describe('columns', () => {
  it.each<readonly [string, Partial<Shown>, readonly string[]]>([
    ['are machines by name as people count', {}, ['lab-1', 'lab-2 ×2', 'lab-10']],
    ['open into machines', { wide: ['id-lab-2'] }, ['lab-1', 'lab-2 ×2', 'lab-2', 'lab-3', 'lab-10']],
    ['are sorted by memory', { order: '-memory' }, ['lab-2 ×2', 'lab-10', 'lab-1']],
    ['are sorted by what is free', { order: 'free' }, ['lab-2 ×2', 'lab-1', 'lab-10']],
    ['are sorted by what they host', { order: '-files' }, ['lab-10', 'lab-2 ×2', 'lab-1']],
    ['have a cell of what is shown', { show: ['fits', 'tight'] }, ['lab-2 ×2', 'lab-10']],
  ])('%s', (_, change, expected) => expect(columns(change)).toEqual(expected))
})
